/** Accounts over HTTP: registering, logging in and out, and staying logged in. */

/** @import { Authentication, Credentials, NewAccount, Storage } from './parley.js' */

import { ParleyError } from './errors.js';

/** @typedef {(address: string, init: RequestInit) => Promise<Response>} Fetch */
/** @typedef {Omit<RequestInit, 'headers'> & { headers?: Record<string, string>, fetch?: Fetch }} Init */
/** @typedef {{ access_token: string, refresh_token?: string }} Tokens */

export class Auth {
  /** @type {Promise<boolean> | null} */
  #refreshing = null;
  #options;

  /**
   * @param {object} options
   * @param {string} options.url
   * @param {Authentication} options.auth
   * @param {typeof globalThis.fetch} options.fetch
   * @param {Storage} options.storage
   * @param {() => Promise<void>} options.forget what is to be done once nobody is logged in
   */
  constructor(options) {
    this.#options = options;
  }

  /**
   * Make an account.
   * @param {NewAccount} account
   */
  register = async (account) => void (await this.post('/register', account));

  /**
   * Begin a session; the connection is still to be made.
   * @param {Credentials} credentials
   */
  login = async (credentials) => this.#keep(await this.post('/auth/login', credentials));

  /**
   * End this session, or all of one's sessions, and forget what was kept.
   * @param {{ everywhere?: boolean }} [which]
   */
  logout = async ({ everywhere = false } = {}) => {
    await this.authorized('POST', `/auth/logout?all=${everywhere}`);
    await this.#options.forget();
  };

  /**
   * The subprotocols that carry the token; none when a cookie does.
   * @returns {Promise<string[]>}
   */
  async protocols() {
    const token = await this.#current();
    return token ? ['parley.v1', `bearer.${token}`] : [];
  }

  /**
   * Get a new token, one at a time; gives whether there is one, throws when the server cannot be
   * asked.
   * @returns {Promise<boolean>}
   */
  refresh() {
    return (this.#refreshing ??= this.#refresh().finally(() => {
      this.#refreshing = null;
    }));
  }

  /**
   * A request over HTTP that carries the token, made once more with a new one if it was refused.
   * @param {string} method
   * @param {string} path
   * @param {Init} [init]
   */
  async authorized(method, path, init = {}) {
    const attempt = async () => {
      const token = await this.#current();
      const headers = { ...init.headers, ...(token && { Authorization: `Bearer ${token}` }) };
      return this.#fetch(path, { ...init, method, headers });
    };
    const answer = await attempt();
    return told(answer.status == 401 && (await this.refresh()) ? await attempt() : answer);
  }

  /**
   * @param {string} path
   * @param {object} body
   */
  async post(path, body) {
    const headers = { 'Content-Type': 'application/json' };
    return told(await this.#fetch(path, { method: 'POST', headers, body: JSON.stringify(body) }));
  }

  async #refresh() {
    const { auth, storage } = this.#options;
    try {
      if (typeof auth == 'function') await this.#keep({ access_token: await auth() });
      else {
        const kept = /** @type {Tokens | undefined} */ (await storage.get('tokens'));
        await this.#keep(await this.post('/auth/refresh', { refresh_token: kept?.refresh_token }));
      }
      return true;
    } catch (error) {
      if (error instanceof ParleyError && error.code == 'unauthorized') return false;
      throw error;
    }
  }

  /** @returns {Promise<string | undefined>} */
  async #current() {
    const { auth, storage } = this.#options;
    if (auth == 'cookie') return undefined;
    const kept = /** @type {Tokens | undefined} */ (await storage.get('tokens'));
    if (kept || auth == 'bearer') return kept?.access_token;
    await this.refresh();
    return this.#current();
  }

  /** @param {Tokens} tokens */
  async #keep(tokens) {
    const { auth, storage } = this.#options;
    if (auth != 'cookie') await storage.set('tokens', tokens);
  }

  /**
   * @param {string} path
   * @param {Init} init
   */
  async #fetch(path, { fetch = this.#options.fetch, ...init }) {
    const headers = { Accept: 'application/json', ...init.headers };
    const credentials = this.#options.auth == 'cookie' ? 'include' : 'omit';
    try {
      return await fetch(this.#options.url + path, { credentials, ...init, headers });
    } catch {
      init.signal?.throwIfAborted();
      throw new ParleyError({ error: 'server not reached', code: 'offline' });
    }
  }
}

/**
 * What an answer says; throws ParleyError when it is a refusal.
 * @param {Response} answer
 */
const told = async (answer) => {
  const body = await answer.json().catch(() => ({}));
  if (answer.ok) return body;
  throw new ParleyError({ error: answer.statusText, code: 'unavailable', ...body });
};
