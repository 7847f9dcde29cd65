/** A socket between the library and the real one, which goes wrong when told to. */

/** A class of WebSocket whose open sockets are in `open`. */
export const faultSockets = () => {
  const open = new Set();
  class FaultSocket {
    #inner;
    #silent = false;
    #doubling = false;
    #late = Promise.resolve();
    onmessage = () => {};
    onclose = () => {};
    onerror = () => {};
    readyState = 0;

    constructor(address, protocols) {
      this.#inner = new WebSocket(address, protocols);
      this.#inner.onopen = () => (this.readyState = 1);
      this.#inner.onmessage = (event) => this.#arrived(event);
      this.#inner.onclose = ({ code }) => this.#silent || this.#end(code);
      this.#inner.onerror = () => {};
      open.add(this);
    }

    send(text) {
      if (!this.#silent) this.#inner.send(text);
    }

    /** What the library does: it is told no more. */
    close() {
      open.delete(this);
      this.readyState = 2;
      this.onmessage = this.onclose = () => {};
      this.#inner.close();
    }

    /** Be lost, as the library sees it with this close code. */
    fail(code) {
      this.#silent = true;
      this.#end(code);
      this.#inner.close();
    }

    /** Swallow everything both ways, and say nothing of it. */
    halfOpen() {
      this.#silent = true;
    }

    /** Deliver every frame twice from here on. */
    double() {
      this.#doubling = true;
    }

    /** Hold what comes back for so long; its order stays. */
    delay(ms) {
      this.#late = this.#late.then(() => new Promise((resolve) => setTimeout(resolve, ms)));
    }

    async #arrived(event) {
      await (this.#late = this.#late.then());
      if (this.#silent) return;
      this.onmessage(event);
      if (this.#doubling && !this.#silent) this.onmessage(event);
    }

    #end(code) {
      open.delete(this);
      this.readyState = 3;
      this.onclose({ code });
    }
  }
  return { open, FaultSocket };
};
