/** What the library makes of the frames: its own reducer, fed as client.js feeds it. */

/** @import { Frame } from '../sdk/parley.js' */
/** @import { State } from '../sdk/state.js' */

import { present } from '../sdk/people.js';
import { take } from '../sdk/reducer.js';
import { emptyState } from '../sdk/state.js';
import { heardTyping } from '../sdk/typing.js';

export class Life {
  #state = emptyState();
  /** @type {readonly string[]} */
  #online = [];

  /**
   * Take in a frame that came.
   * @param {Frame} frame
   * @param {Frame | undefined} request what it answers
   * @param {number} now
   */
  take(frame, request, now) {
    const { type, data } = frame;
    if (type == 'resume') this.#resuming(data);
    else if (type == 'resumed') present(this.#state, this.#online);
    else if (frame.success) {
      if (type == 'typing' && frame.ref === undefined) this.#typing(data, now);
      take(this.#state, frame, request);
    }
  }

  /** There is another socket: what was typed is over. */
  opened() {
    this.#state.typing.clear();
  }

  /** The state as it is now; what is in its maps is never changed, but replaced. */
  snapshot() {
    const { conversations, timelines, contacts, online, typing, stale } = this.#state;
    return {
      ...this.#state,
      conversations: new Map(conversations),
      timelines: new Map(timelines),
      contacts: new Map(contacts),
      online: new Set(online),
      typing: new Map([...typing].map(([id, who]) => [id, new Map(who)])),
      stale: new Set(stale),
    };
  }

  /** @param {import('../sdk/wire.js').ResumeData} data */
  #resuming(data) {
    if (data.status != 'ok') this.#state = { ...emptyState(), cursor: data.cursor, at: data.at };
    this.#state.self = data.self;
    this.#online = data.online;
  }

  /**
   * @param {any} data
   * @param {number} now
   */
  #typing(data, now) {
    const clock = { now: () => now, setTimeout: () => 0, clearTimeout: () => {} };
    heardTyping(this.#state, data, clock, () => {});
  }
}

/**
 * A state as plain data, for people to read and to compare.
 * @param {State} state
 */
export const plain = ({ changed, conversations, timelines, contacts, online, typing, stale, ...rest }) => ({
  ...rest,
  conversations: Object.fromEntries(conversations),
  timelines: Object.fromEntries(
    [...timelines].map(([id, windows]) => [
      id,
      windows.map(({ messages, ...more }) => ({ ...more, messages: byId(messages) })),
    ]),
  ),
  contacts: Object.fromEntries(contacts),
  online: [...online].sort(),
  typing: Object.fromEntries([...typing].map(([id, who]) => [id, Object.fromEntries(who)])),
  stale: [...stale],
});

/**
 * @template {{ id: number }} T
 * @param {readonly T[]} things
 */
export const byId = (things) => Object.fromEntries(things.map((each) => [each.id, each]));
