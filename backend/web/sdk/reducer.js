/** One reducer for pushes, replies and reads, as docs/guarantees.md says. */

/** @import { Frame } from './parley.js' */
/** @import { State, Taker } from './state.js' */

import { conversationEvents } from './conversations.js';
import { messageEvents } from './messages.js';
import { peopleEvents } from './people.js';

/** @type {Record<string, Taker>} */
const EVENTS = { ...conversationEvents.durable, ...messageEvents.durable, ...peopleEvents.durable };
/** @type {Record<string, Taker>} */
const OTHERS = { ...conversationEvents.other, ...messageEvents.other, ...peopleEvents.other };

const ignore = () => {};

/**
 * Take in a successful frame, if it was not before.
 *
 * `request` is what a reply answers, if somebody waits for it. `live` is false while what was missed is replayed: presence
 * in that is as it was then.
 * @param {State} state
 * @param {Frame} frame
 * @param {object | undefined} request
 * @param {boolean} live
 */
export const take = (state, frame, request, live) => {
  const { type, cursor, at = 0 } = frame;
  const isEvent = cursor && type != 'ping';
  if (isEvent && at <= state.at) return;
  state.at = Math.max(state.at, at);
  if (cursor) state.cursor = cursor;
  const isWanted = request || frame.ref === undefined;
  const taker = (isEvent && EVENTS[type]) || (isWanted && OTHERS[type]) || ignore;
  taker(state, { data: frame.data, frame, request, live });
};
