/** A clock that is moved by hand, and sockets that do what the test says. */

/** Time that passes only in `pass`, which runs what is due, in order, and lets promises go on. */
export const handClock = () => {
  let now = 1_000_000;
  let timers = [];
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  return {
    now: () => now,
    setTimeout(then, ms) {
      const timer = { at: now + ms, then };
      timers.push(timer);
      return timer;
    },
    clearTimeout(timer) {
      timers = timers.filter((each) => each != timer);
    },
    async pass(ms) {
      await settle();
      for (const end = now + ms; ; ) {
        const [next] = timers.filter((each) => each.at <= end).sort((a, b) => a.at - b.at);
        if (!next) {
          now = end;
          return settle();
        }
        timers = timers.filter((each) => each != next);
        now = next.at;
        next.then();
        await settle();
      }
    },
  };
};

/** A class of WebSocket that connects to nothing; `made` are its sockets. */
export const handSockets = () => {
  const made = [];
  class HandSocket {
    readyState = 1;
    sent = [];
    isClosed = false;

    constructor(address, protocols) {
      this.address = address;
      this.protocols = protocols;
      made.push(this);
    }

    send(text) {
      this.sent.push(JSON.parse(text));
    }

    close() {
      this.isClosed = true;
    }

    /** The server sends this. */
    tell(...frames) {
      for (const frame of frames) this.onmessage({ data: JSON.stringify(frame) });
    }

    /** The server closes. */
    end(code) {
      this.onclose({ code });
    }
  }
  return { made, HandSocket };
};

export const resume = (data = {}) => ({
  type: 'resume',
  success: true,
  data: {
    status: 'start',
    reason: null,
    cursor: 'c0',
    at: 0,
    limits: { MAX_FRAME_BYTES: 65536, RATE_LIMIT: 0, RATE_BURST: 200 },
    self: { id: 1, username: 'me' },
    online: [],
    ...data,
  },
});
export const resumed = { type: 'resumed', success: true, data: { events: 0 } };
