/**
 * Messages that wait to be sent, and conversations to be created: shown at once, kept with their
 * `client_id` until the server has them, sent in order. Sent twice they are one, so that a flush
 * may be repeated at any time.
 */

/** @import { Clock, Frame, Queued, Storage } from './parley.js' */
/** @import { Pace } from './pace.js' */

import { ParleyError } from './errors.js';

const TEMPORARY = ['rate_limited', 'unavailable', 'internal_error', 'uncertain', 'stopped'];

/**
 * @typedef {object} Hooks
 * @property {Storage} storage
 * @property {Pace} pace
 * @property {(request: Queued['request']) => Promise<Frame>} submit
 * @property {(work: () => Promise<void>) => Promise<unknown>} alone let one tab at a time do this
 * @property {() => void} changed
 * @property {Clock} clock
 */

export class Outbox {
  /** @type {Queued[]} */
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
   * @param {Queued['request']} request
   * @returns {Queued}
   */
  add(request) {
    if (!this.#prefix) throw new ParleyError({ error: 'not connected', code: 'stopped' });
    const created = this.#hooks.clock.now();
    // what was written later comes later in the alphabet, too
    const random = crypto.getRandomValues(new Uint32Array(3)).join(''); // also without HTTPS
    const id = inOrder(created) + inOrder(this.#count++) + random;
    /** @type {Queued} */
    const item = { id, created, state: 'waiting', error: null, request: { ...request, client_id: id } };
    this.#put(item);
    this.flush();
    return item;
  }

  /**
   * Send again what has failed, and first the conversation that it is for.
   * @param {string} id
   */
  retry = (id) => {
    const { request } = this.#items.find((each) => each.id == id) ?? {};
    for (const item of this.#items) {
      if ([id, request?.conversation_client_id].includes(item.id)) {
        this.#put({ ...item, state: 'waiting', error: null });
      }
    }
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
   * @param {Queued[]} waiting
   */
  async #pass(waiting) {
    const { pace } = this.#hooks;
    /** @type {Set<Promise<void>>} */
    const underWay = new Set();
    /** @type {ParleyError | undefined} */
    let refused = undefined;
    for (const item of waiting) {
      await pace.turn();
      while (underWay.size >= pace.window) await Promise.race(underWay);
      if (refused || !this.#isLive) break;
      const answer = this.#send(item).then((error) => {
        underWay.delete(answer);
        refused ??= error;
      });
      underWay.add(answer);
      if (item.request.type != 'send_message') break; // what follows may be for it
    }
    await Promise.all(underWay);
    const error = /** @type {ParleyError | undefined} */ (refused);
    if (error && this.#isLive) await pace.refused(error.retryAfter);
  }

  /**
   * Send one; gives the refusal that may pass. Any other is told to the person.
   * @param {Queued} item
   * @returns {Promise<ParleyError | undefined>}
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
  }

  /** @param {Queued} item */
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
      found = /** @type {Queued[]} */ (await this.#hooks.storage.list(this.#prefix));
    } while (before != this.#written);
    this.#items = sorted(found);
    this.#hooks.changed();
  }
}

/** @param {Queued[]} items */
const sorted = (items) => items.sort((a, b) => (a.id < b.id ? -1 : 1));

/** @param {number} number */
const inOrder = (number) => number.toString(36).padStart(9, '0');
