/**
 * Messages that wait to be sent: shown at once, kept with their `client_id` until the server has
 * them, sent in order. Sent twice they are one message, so that a flush may be repeated at any time.
 */

/** @import { Clock, Frame, OutboxItem, Storage } from './parley.js' */
/** @import { Pace } from './pace.js' */

import { ParleyError } from './errors.js';

const TEMPORARY = ['rate_limited', 'unavailable', 'internal_error', 'uncertain', 'stopped'];

/**
 * @typedef {object} Hooks
 * @property {Storage} storage
 * @property {Pace} pace
 * @property {(request: OutboxItem['request']) => Promise<Frame>} submit
 * @property {(work: () => Promise<void>) => Promise<unknown>} alone let one tab at a time do this
 * @property {() => void} changed
 * @property {Clock} clock
 */

export class Outbox {
  /** @type {OutboxItem[]} */
  #items = [];
  #prefix = '';
  #count = 0;
  #isLive = false;
  #isFlushing = false;
  #isAskedAgain = false;
  /** @type {Promise<unknown>} */
  #written = Promise.resolve();
  #hooks;

  /** @param {Hooks} hooks */
  constructor(hooks) {
    this.#hooks = hooks;
    hooks.storage.watch(() => {
      this.#read();
      this.flush(); // the tab that wrote it may be gone
    });
  }

  /** What waits or has failed, oldest first. */
  list = () => this.#items;

  /**
   * Take up what a user had queued.
   * @param {number} userId
   */
  async use(userId) {
    this.#prefix = `queue/${userId}/`;
    await this.#read();
  }

  /**
   * Queue a request that takes a `client_id`.
   * @param {OutboxItem['request']} request
   * @returns {OutboxItem}
   */
  add(request) {
    if (!this.#prefix) throw new ParleyError({ error: 'not connected', code: 'stopped' });
    const created = this.#hooks.clock.now();
    // what was written later comes later in the alphabet, too
    const id = `${inOrder(created)}${inOrder(this.#count++)}-${crypto.randomUUID()}`;
    /** @type {OutboxItem} */
    const item = { id, created, state: 'waiting', error: null, request: { ...request, client_id: id } };
    this.#put(item);
    this.flush();
    return item;
  }

  /**
   * Send again what has failed.
   * @param {string} id
   */
  retry = (id) => {
    const item = this.#items.find((each) => each.id == id);
    if (item) this.#put({ ...item, state: 'waiting', error: null });
    this.flush();
  };

  /**
   * Throw away what is not to be sent.
   * @param {string} id
   */
  discard = (id) => {
    const rest = this.#items.filter((each) => each.id != id);
    if (rest.length == this.#items.length) return;
    this.#items = rest;
    this.#write(() => this.#hooks.storage.remove(this.#prefix + id));
  };

  /** Nobody is logged in any more. */
  forget() {
    this.#items = [];
    this.#prefix = '';
    this.#hooks.changed();
  }

  /** There is a connection: send what waits. */
  open() {
    this.#isLive = true;
    this.flush();
  }

  close() {
    this.#isLive = false;
  }

  /** Send what waits, also for tabs that cannot now. */
  async flush() {
    this.#isAskedAgain = true;
    if (this.#isFlushing || !this.#isLive) return;
    this.#isFlushing = true;
    try {
      while (this.#isAskedAgain && this.#isLive) {
        this.#isAskedAgain = false;
        await this.#hooks.alone(() => this.#drain());
      }
    } finally {
      this.#isFlushing = false;
    }
  }

  async #drain() {
    while (this.#isLive) {
      await this.#read(); // other tabs may have added some, or sent them
      const waiting = this.#items.filter((each) => each.state == 'waiting');
      if (!waiting.length) return;
      await this.#pass(waiting);
    }
  }

  /**
   * Send messages until one is refused, and wait for the answers of those under way.
   * @param {OutboxItem[]} waiting
   */
  async #pass(waiting) {
    const { pace } = this.#hooks;
    /** @type {Set<Promise<void>>} */
    const underWay = new Set();
    /** @type {ParleyError | null} */
    let refused = null;
    for (const item of waiting) {
      await pace.turn();
      while (underWay.size >= pace.window) await Promise.race(underWay);
      if (refused || !this.#isLive) break;
      const answer = this.#send(item).then((error) => {
        underWay.delete(answer);
        refused ??= error;
      });
      underWay.add(answer);
    }
    await Promise.all(underWay);
    const error = /** @type {ParleyError | null} */ (refused);
    if (error && this.#isLive) await pace.refused(error.retryAfter);
  }

  /**
   * Send one; gives the refusal that may pass. Any other is told to the person.
   * @param {OutboxItem} item
   * @returns {Promise<ParleyError | null>}
   */
  async #send(item) {
    try {
      await this.#hooks.submit(item.request);
      this.discard(item.id);
    } catch (error) {
      if (!(error instanceof ParleyError)) throw error;
      if (TEMPORARY.includes(error.code)) return error;
      const { code, message, field } = error;
      this.#put({ ...item, state: 'failed', error: { code, message, field } });
    }
    return null;
  }

  /** @param {OutboxItem} item */
  #put(item) {
    const rest = this.#items.filter((each) => each.id != item.id);
    this.#items = sorted([...rest, item]);
    this.#write(() => this.#hooks.storage.set(this.#prefix + item.id, item));
  }

  /** @param {() => Promise<unknown>} act */
  #write(act) {
    this.#written = this.#written.then(act, act);
    this.#hooks.changed();
  }

  async #read() {
    if (!this.#prefix) return;
    let before, found;
    do {
      before = this.#written;
      await before;
      found = /** @type {OutboxItem[]} */ (await this.#hooks.storage.list(this.#prefix));
    } while (before != this.#written);
    this.#items = sorted(found);
    this.#hooks.changed();
  }
}

/** @param {OutboxItem[]} items */
const sorted = (items) => items.sort((a, b) => (a.id < b.id ? -1 : 1));

/** @param {number} number */
const inOrder = (number) => number.toString(36).padStart(9, '0');
