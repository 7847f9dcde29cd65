/** What passed over a wire, in order: frames with what they answer, their kind, and the state after. */

/** @import { Frame } from '../sdk/parley.js' */
/** @import { State } from '../sdk/state.js' */
/** @import { Direction } from './wire.js' */

import { REPEATABLE } from '../sdk/requests.js';
import { signal } from '../vendor/preact.js';
import { Life } from './life.js';

/** @typedef {'durable' | 'ephemeral' | 'read' | 'unchanged' | 'refused' | 'session' | 'event'} Kind */
/**
 * @typedef {object} Entry
 * @property {number} id
 * @property {number} time in milliseconds
 * @property {Direction} direction
 * @property {string} text
 * @property {Frame | null} frame null: the text is no frame
 * @property {Kind} kind
 * @property {Entry | null} mate the reply of a request, the request of a reply
 * @property {number | null} step how far its `at` is past that of the event before
 * @property {State} before the state
 * @property {State} after the state
 */

const KEPT = 2000;
const SESSION = ['resume', 'resumed', 'server_draining'];

export class Tape {
  entries = signal(/** @type {readonly Entry[]} */ ([]));
  #life = new Life();
  #state = this.#life.snapshot();
  /** @type {Map<string | number, Entry>} */
  #asked = new Map();
  #count = 0;
  #at = 0;

  get state() {
    return this.#state;
  }

  /**
   * Take in what has passed.
   * @param {Direction} direction
   * @param {string} text
   * @param {number} [time]
   */
  add(direction, text, time = Date.now()) {
    const frame = direction == 'in' || direction == 'out' ? parsed(text) : null;
    const mate = (direction == 'in' && this.#asked.get(frame?.ref ?? '')) || null;
    const before = this.#state;
    if (direction == 'open') this.#opened();
    if (direction == 'in' && frame) this.#learn(frame, mate, time);
    const kind = kindOf(direction, frame);
    const id = ++this.#count;
    const step = this.#measure(kind, frame);
    /** @type {Entry} */
    const entry = { id, time, direction, text, frame, kind, mate, step, before, after: this.#state };
    if (mate) {
      mate.mate = entry;
      this.#asked.delete(frame?.ref ?? '');
    }
    if (direction == 'out' && frame?.ref !== undefined) this.#asked.set(frame.ref, entry);
    this.entries.value = [...this.entries.value.slice(1 - KEPT), entry];
  }

  /** Show nothing of what was; the state goes on. */
  clear = () => {
    this.entries.value = [];
  };

  /**
   * @param {Frame} frame
   * @param {Entry | null} mate
   * @param {number} time
   */
  #learn(frame, mate, time) {
    try {
      this.#life.take(frame, mate?.frame ?? undefined, time);
    } catch (error) {
      reportError(error); // a fault of the reducer is to be seen, and the frame too
    }
    this.#state = this.#life.snapshot();
  }

  #opened() {
    this.#life.opened();
    this.#asked.clear();
    this.#at = 0;
  }

  /**
   * The step on the ruler; 0 or less is an event that was there before.
   * @param {Kind} kind
   * @param {Frame | null} frame
   */
  #measure(kind, frame) {
    const { at } = frame ?? {};
    if (frame?.type == 'resume') this.#at = frame.data.at ?? 0;
    if (at === undefined || kind != 'durable') return null;
    const step = this.#at ? at - this.#at : null;
    this.#at = Math.max(this.#at, at);
    return step;
  }
}

/**
 * The frame in a text, or null if there is none.
 * @param {string} text
 * @returns {Frame | null}
 */
export const parsed = (text) => {
  try {
    const frame = JSON.parse(text);
    return typeof frame?.type == 'string' ? frame : null;
  } catch {
    return null;
  }
};

/**
 * What a frame is to a client: durable ones have a cursor, but for `ping`'s reply; of the others a
 * reply with `at` is a read, and what nobody asked for is gone when it is missed.
 * @param {Direction} direction
 * @param {Frame | null} frame
 * @returns {Kind}
 */
const kindOf = (direction, frame) => {
  if (!frame) return 'event';
  const { type, success, cursor, at, ref } = frame;
  if (type == 'typing') return success === false ? 'refused' : 'ephemeral';
  const isRead = REPEATABLE.test(type) && !type.startsWith('mark_');
  if (direction == 'out') return isRead ? 'read' : 'durable';
  if (success === false) return 'refused';
  if (SESSION.includes(type)) return 'session';
  if (isRead) return 'read';
  if (cursor) return 'durable';
  return ref === undefined && at === undefined ? 'ephemeral' : 'unchanged';
};
