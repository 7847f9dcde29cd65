/**
 * How fast queued messages are sent, so that the server takes all of them, in order.
 *
 * With the server's `RATE_LIMIT` and `RATE_BURST` known, several are under way at once, within a
 * share of both. Without, or once a message was refused, one at a time: behind a refused one
 * nothing else is under way that could overtake it.
 */

/** @import { Clock } from './parley.js' */

const WINDOW = 32;
const LATER_MS = 2000;
const SHARE = 0.5; // of the burst; the rest is for what else a person does, and other devices

export class Pace {
  window = 1;
  #rate = 0; // a millisecond; 0: no limit is known
  #most = 0;
  #tokens = 0;
  #at = 0;
  #clock;

  /** @param {Clock} clock */
  constructor(clock) {
    this.#clock = clock;
  }

  /**
   * Begin anew, with a server's limits.
   * @param {Record<string, number>} limits
   */
  begin({ RATE_LIMIT: rate, RATE_BURST: burst = 0 }) {
    this.window = rate == null ? 1 : WINDOW;
    this.#rate = (rate ?? 0) / 1000;
    this.#tokens = this.#most = rate ? Math.max(1, burst * SHARE) : Infinity;
    this.#at = this.#clock.now();
  }

  /** Wait until the next message may be sent. */
  async turn() {
    const now = this.#clock.now();
    this.#tokens = Math.min(this.#most, this.#tokens + (now - this.#at) * this.#rate);
    this.#at = now;
    if (--this.#tokens < 0) await this.sleep(-this.#tokens / this.#rate);
  }

  /**
   * Wait after a refusal, and go on more slowly.
   * @param {number} [retryAfter] milliseconds, if the server said
   */
  async refused(retryAfter) {
    this.window = 1;
    if (retryAfter) {
      this.#rate = Math.min(this.#rate || 1, 1 / retryAfter);
      this.#most = this.#tokens = 1;
    }
    await this.sleep(retryAfter ?? LATER_MS);
  }

  /**
   * @param {number} ms
   * @returns {Promise<void>}
   */
  sleep(ms) {
    return new Promise((resolve) => void this.#clock.setTimeout(resolve, ms));
  }
}
