/** One reducer for pushes, replies and reads, as docs/guarantees.md says. */

/** @import { Frame } from './parley.js' */
/** @import { State, Taker } from './state.js' */

import { conversationTakers } from './conversations.js';
import { messageTakers } from './messages.js';
import { peopleTakers } from './people.js';

/** @type {Record<string, Taker>} */
const TAKERS = { ...conversationTakers, ...messageTakers, ...peopleTakers };
/** What tells something also without a cursor; without one, other writes have changed nothing. */
const ABSOLUTE = /^(get_|mark_|user_status)/;

/**
 * Take in a successful frame, if it was not before.
 *
 * `request` is what a reply answers, if somebody waits for it.
 * @param {State} state
 * @param {Frame} frame
 * @param {object | undefined} request
 */
export const take = (state, frame, request) => {
  const { type, cursor, at = 0 } = frame;
  const isEvent = cursor && type != 'ping';
  if (isEvent && at <= state.at) return;
  state.at = Math.max(state.at, at);
  if (cursor) state.cursor = cursor;
  const isAsked = request || frame.ref === undefined;
  if (isEvent || (isAsked && ABSOLUTE.test(type))) {
    TAKERS[type]?.(state, { data: frame.data, frame, request });
  }
};
