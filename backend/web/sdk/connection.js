/**
 * One socket that comes back: when to open it, when to give up waiting for it, and what each close
 * code means, as docs/guarantees.md says.
 */

/** @import { Clock, Frame, Status } from './parley.js' */

const HANDSHAKE_MS = 15_000;
const QUIET_MS = 30_000;
const PONG_MS = 10_000;
const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 30_000;
const TOO_FAST_MS = 10_000;
const LOST = 1006;
const WAKING = ['online', 'pageshow', 'visibilitychange', 'focus'];
/** @type {Record<number, 'login' | 'origin' | 'replaced'>} */
const FINAL = { 4402: 'login', 4403: 'origin', 4409: 'replaced' };

/**
 * @typedef {object} Hooks
 * @property {typeof globalThis.WebSocket} WebSocket
 * @property {Clock} clock
 * @property {() => number} random
 * @property {() => Promise<[address: string, protocols: string[]]>} prepare where to connect to
 * @property {() => Promise<boolean>} refresh gives whether there is a new token; throws offline
 * @property {(frame: Frame) => void} take
 * @property {(code: number) => void} lost
 * @property {(status: Status) => void} tell
 */

export class Connection {
  /** @type {Status} */
  status = { state: 'idle' };

  /** @type {WebSocket | null} */
  #socket = null;
  #turn = 0; // tells what belongs to this attempt from what is left of those before
  #failures = 0;
  #heard = false;
  #hasRefreshed = false;
  /** @type {number | null} */
  #reconnectAfter = null;
  /** @type {unknown} */
  #timer;
  #hooks;

  /** @param {Hooks} hooks */
  constructor(hooks) {
    this.#hooks = hooks;
  }

  /** Connect and stay so; while waiting, try now. */
  connect() {
    for (const name of WAKING) globalThis.addEventListener?.(name, this.#wake);
    if (/idle|waiting|stopped/.test(this.status.state)) this.#open();
  }

  /** Disconnect and stay so. */
  disconnect() {
    this.#letGo();
    this.#hooks.lost(LOST);
    this.#rest({ state: 'idle' });
  }

  /**
   * Send a frame; gives whether there was a socket to write it to.
   * @param {string} text
   */
  send(text) {
    if (this.#socket?.readyState != 1) return false;
    this.#socket.send(text);
    return true;
  }

  /** All that was there has been fetched. */
  live() {
    this.#set({ state: 'live' });
  }

  /** Give this socket up, as if the network had. */
  drop() {
    this.#lost(LOST);
  }

  async #open() {
    const turn = ++this.#turn;
    const isOver = () => turn != this.#turn;
    this.#set({ state: 'connecting' });
    this.#arm(HANDSHAKE_MS, () => this.#lost(LOST));
    try {
      const where = await this.#hooks.prepare();
      if (isOver()) return;
      const socket = new this.#hooks.WebSocket(...where);
      this.#socket = socket;
      socket.onmessage = ({ data }) => isOver() || this.#take(JSON.parse(data));
      socket.onclose = ({ code }) => isOver() || this.#lost(code);
      socket.onerror = () => {}; // `close` follows
    } catch {
      if (!isOver()) this.#lost(LOST);
    }
  }

  /** @param {Frame} frame */
  #take(frame) {
    this.#heard = true;
    if (frame.type == 'resume') {
      this.#set({ state: 'catching_up' });
      this.#watch();
    } else if (frame.type == 'resumed') {
      this.#hasRefreshed = false;
      this.#failures = 0;
    } else if (frame.type == 'server_draining') {
      this.#reconnectAfter = frame.data.reconnect_after_ms;
    }
    this.#hooks.take(frame);
  }

  /** @param {number} code */
  #lost(code) {
    this.#letGo();
    this.#hooks.lost(code);
    const why = FINAL[code];
    if (why) this.#rest({ state: 'stopped', why });
    else if (code == 4401) this.#refresh();
    else this.#wait(code);
  }

  async #refresh() {
    const turn = this.#turn;
    this.#set({ state: 'connecting' });
    try {
      const isRefreshed = !this.#hasRefreshed && (await this.#hooks.refresh());
      if (turn != this.#turn) return;
      this.#hasRefreshed = isRefreshed;
      if (isRefreshed) this.#open();
      else this.#rest({ state: 'stopped', why: 'login' });
    } catch {
      if (turn == this.#turn) this.#wait(LOST); // a lost network is not a logout
    }
  }

  /**
   * Come back when the code says, or else after a while that grows.
   * @param {number} code
   */
  #wait(code) {
    const { clock, random } = this.#hooks;
    const atOnce = this.status.state == 'live' ? 0 : null;
    const told = { 1001: this.#reconnectAfter, 4408: atOnce, 4429: TOO_FAST_MS }[code];
    const ms = told ?? random() * Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** this.#failures++);
    this.#reconnectAfter = null;
    this.#set({ state: 'waiting', retryAt: clock.now() + ms, code });
    this.#arm(ms, () => this.#open());
  }

  /** Ping when nothing has come for a while, and give up when nothing comes of that. */
  #watch() {
    this.#heard = false;
    this.#arm(QUIET_MS, () => (this.#heard ? this.#watch() : this.#ping()));
  }

  #ping() {
    this.#heard = false;
    this.send('{"type":"ping"}');
    this.#arm(PONG_MS, () => (this.#heard ? this.#watch() : this.#lost(LOST)));
  }

  #wake = () => {
    const { status } = this;
    if (status.state == 'live') this.#ping();
    else if (status.state == 'waiting' && status.code == LOST) this.#open();
  };

  /**
   * Nothing more is tried until somebody asks for it.
   * @param {Status} status
   */
  #rest(status) {
    for (const name of WAKING) globalThis.removeEventListener?.(name, this.#wake);
    this.#failures = 0;
    this.#hasRefreshed = false;
    this.#set(status);
  }

  #letGo() {
    this.#turn++;
    this.#hooks.clock.clearTimeout(this.#timer);
    this.#socket?.close();
    this.#socket = null;
  }

  /**
   * @param {number} ms
   * @param {() => void} then
   */
  #arm(ms, then) {
    this.#hooks.clock.clearTimeout(this.#timer);
    this.#timer = this.#hooks.clock.setTimeout(then, ms);
  }

  /** @param {Status} status */
  #set(status) {
    this.status = status;
    this.#hooks.tell(status);
  }
}
