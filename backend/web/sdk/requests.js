/** Requests under way: told apart by `ref`, kept over a reconnect when that is safe. */

/** @import { Clock, Frame } from './parley.js' */

import { ParleyError } from './errors.js';

/**
 * What may be sent again without asking anybody: requests that read, and marks, of which an older
 * one changes nothing.
 */
export const REPEATABLE = /^(get_|search_|report_|mark_[rd]|self$|help$|ping$)/;

/**
 * @typedef {object} Asked
 * @property {{ type: string, ref: number } & Record<string, any>} frame
 * @property {boolean} isSent
 * @property {boolean} isRepeatable
 * @property {(reply: Frame) => void} resolve
 * @property {(error: unknown) => void} reject
 */

export class Requests {
  /** @type {Map<number, Asked>} */
  #asked = new Map();
  #refs = 0;
  #maxBytes = 0; // of a frame; none while there is no connection
  #send;
  #clock;

  /**
   * @param {(text: string) => boolean} send
   * @param {Clock} clock
   */
  constructor(send, clock) {
    this.#send = send;
    this.#clock = clock;
  }

  /**
   * Send a request as soon as there is a connection; gives the reply, throws ParleyError.
   * @param {string} type
   * @param {object} fields
   * @param {AbortSignal} [signal]
   * @returns {Promise<Frame>}
   */
  ask(type, fields, signal) {
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      const ref = ++this.#refs;
      const isRepeatable = REPEATABLE.test(type);
      const asked = { frame: { ...fields, type, ref }, isSent: false, isRepeatable, resolve, reject };
      this.#asked.set(ref, asked);
      signal?.addEventListener('abort', () => {
        reject(signal.reason);
        if (asked.isSent) asked.isRepeatable = false; // its answer is still taken in
        else this.#asked.delete(ref);
      });
      this.#write(asked);
    });
  }

  /**
   * The request that a frame answers, if it waits for an answer.
   * @param {Frame} frame
   */
  answeredBy(frame) {
    return this.#asked.get(/** @type {number} */ (frame.ref))?.frame;
  }

  /**
   * Hand a reply to who asked.
   * @param {Frame} frame
   */
  settle(frame) {
    const asked = this.#asked.get(/** @type {number} */ (frame.ref));
    if (!asked) return;
    if (frame.code == 'rate_limited' && asked.isRepeatable) {
      const wait = /** @type {number} */ (frame.retry_after_ms);
      this.#clock.setTimeout(() => this.#write(asked), wait);
      asked.isSent = false;
      return;
    }
    this.#asked.delete(asked.frame.ref);
    if (frame.success) asked.resolve(frame);
    else asked.reject(new ParleyError(/** @type {any} */ (frame)));
  }

  /**
   * There is a connection that takes frames of so many bytes.
   * @param {number} maxBytes
   */
  open(maxBytes) {
    this.#maxBytes = maxBytes;
    for (const asked of this.#asked.values()) this.#write(asked);
  }

  /**
   * The connection is gone; what may have been carried out and cannot be repeated is told so.
   * @param {boolean} isRefused whether a frame was the reason, so that none is repeated
   */
  close(isRefused) {
    this.#maxBytes = 0;
    for (const asked of this.#asked.values()) {
      if (asked.isSent && (isRefused || !asked.isRepeatable)) {
        this.#fail(asked, 'connection lost', 'uncertain');
      }
      asked.isSent = false;
    }
  }

  /** Nothing will come any more. */
  stop() {
    for (const asked of this.#asked.values()) this.#fail(asked, 'not connected', 'stopped');
  }

  /** @param {Asked} asked */
  #write(asked) {
    if (!this.#maxBytes || asked.isSent || !this.#asked.has(asked.frame.ref)) return;
    const text = JSON.stringify(asked.frame);
    if (new Blob([text]).size > this.#maxBytes) {
      this.#fail(asked, 'request too large', 'too_large');
    } else asked.isSent = this.#send(text);
  }

  /**
   * @param {Asked} asked
   * @param {string} error
   * @param {import('./parley.js').ErrorCode} code
   */
  #fail(asked, error, code) {
    this.#asked.delete(asked.frame.ref);
    asked.reject(new ParleyError({ error, code }));
  }
}
