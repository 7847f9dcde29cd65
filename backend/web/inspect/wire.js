/** Sockets between the library and the real ones: they show every frame, and go wrong when told to. */

/** @import { Fate } from './dice.js' */

import { fates } from './dice.js';

/** @typedef {'in' | 'out' | 'open' | 'close' | 'fault'} Direction */
/** @typedef {(direction: Direction, text: string) => void} Hear */

const LOST = 1006;
const LATE_MS = 400;

/** The sockets of one client, one after the other, and what is to go wrong with them. */
export class Wire {
  /** Milliseconds by which whatever arrives is late. */
  delay = 0;
  /** Whether every frame arrives twice. */
  isDoubling = false;
  /** @type {() => Fate | null} */
  fate = () => null;
  /** @type {TappedSocket | null} */
  current = null;

  /** @param {Hear} hear told of all that passes, and of what goes wrong */
  constructor(hear) {
    this.hear = hear;
    const wire = this;
    /** The class of WebSocket to make the client with. */
    this.WebSocket = /** @type {typeof WebSocket} */ (
      /** @type {unknown} */ (
        class extends TappedSocket {
          /**
           * @param {string} address
           * @param {string[]} protocols
           */
          constructor(address, protocols) {
            super(wire, address, protocols);
          }
        }
      )
    );
  }

  /**
   * Let faults happen by themselves, as a seed determines; null: no more.
   * @param {number | null} seed
   */
  seed(seed) {
    this.fate = seed == null ? () => null : fates(seed);
  }

  /**
   * Send something past the library, be it JSON or not.
   * @param {string} text
   */
  send = (text) => this.current?.send(text);

  cut = () => this.close(LOST);
  halfOpen = () => this.current?.halfOpen();

  /**
   * Close the socket; the library sees this code.
   * @param {number} code
   */
  close = (code) => this.current?.fail(code);
}

class TappedSocket {
  /** @type {(event: { data: string }) => void} */
  onmessage = () => {};
  /** @type {(event: { code: number }) => void} */
  onclose = () => {};
  onerror = () => {};
  readyState = 0;

  #isSilent = false;
  #arrived = Promise.resolve();
  #inner;
  #wire;

  /**
   * @param {Wire} wire
   * @param {string} address
   * @param {string[]} protocols
   */
  constructor(wire, address, protocols) {
    this.#wire = wire;
    this.#inner = new WebSocket(address, protocols);
    this.#inner.onopen = () => {
      this.readyState = 1;
      wire.hear('open', new URL(address).pathname);
    };
    this.#inner.onmessage = ({ data }) => this.#after(() => this.#meet(data));
    this.#inner.onclose = ({ code, reason }) => this.#after(() => this.#end(code, reason));
    wire.current = this;
  }

  /** @param {string} text */
  send(text) {
    this.#wire.hear('out', text);
    if (!this.#isSilent) this.#inner.send(text);
  }

  /** What the library does: it is told no more. */
  close() {
    this.onmessage = this.onclose = () => {};
    if (this.readyState < 2) this.#end(1000, 'by the client');
    this.#inner.close();
  }

  /**
   * Be lost, as the library sees it with this close code.
   * @param {number} code
   */
  fail(code) {
    this.#end(code, 'by a fault');
    this.#inner.close();
  }

  /** Swallow everything both ways, and say nothing of it. */
  halfOpen() {
    this.#fault('half-open: nothing passes any more');
    this.#isSilent = true;
  }

  /**
   * In the order of arrival, when it is time.
   * @param {() => void} then
   */
  #after(then) {
    const due = pause(this.#wire.delay);
    this.#arrived = this.#arrived.then(() => due).then(then).catch(reportError);
  }

  /** @param {string} text */
  async #meet(text) {
    const fate = this.#isSilent ? null : this.#wire.fate();
    if (fate == 'half-open') this.halfOpen();
    else if (fate == 'cut') this.fail(LOST);
    else if (typeof fate == 'number') this.fail(fate);
    else if (fate == 'delay') {
      this.#fault(`the next frame is ${LATE_MS} ms late`);
      await pause(LATE_MS);
    }
    this.#deliver(text);
    if (this.#wire.isDoubling || fate == 'double') {
      this.#fault('the frame arrives twice');
      this.#deliver(text);
    }
  }

  /** @param {string} text */
  #deliver(text) {
    if (this.#isSilent || this.readyState > 1) return;
    this.#wire.hear('in', text);
    this.onmessage({ data: text });
  }

  /** @param {string} text */
  #fault(text) {
    if (this.readyState < 2) this.#wire.hear('fault', text);
  }

  /**
   * @param {number} code
   * @param {string} reason
   */
  #end(code, reason) {
    if (this.#isSilent || this.readyState > 1) return;
    this.readyState = 3;
    if (this.#wire.current == this) this.#wire.current = null;
    this.#wire.hear('close', `${code} ${reason}`.trim());
    this.onclose({ code });
  }
}

/** @param {number} ms */
const pause = async (ms) => {
  if (ms) await new Promise((resolve) => setTimeout(resolve, ms));
};
