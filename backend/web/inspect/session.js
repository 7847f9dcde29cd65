/** Somebody who is logged in here: a client of the library, its wire, and what passed over it. */

/** @import { Credentials, NewAccount, Status } from '../sdk/parley.js' */
/** @import { FieldHelp } from '../sdk/wire.js' */
/** @import { Difference } from './compare.js' */

import { SERVER } from '../page/base.js';
import { createClient } from '../sdk/parley.js';
import { memoryStorage } from '../sdk/storage.js';
import { signal } from '../vendor/preact.js';
import { compareAfresh } from './afresh.js';
import { Tape } from './tape.js';
import { Wire } from './wire.js';

/** @typedef {{ access_token: string, refresh_token: string }} Tokens */

export class Session {
  tape = new Tape();
  wire = new Wire((direction, text) => this.tape.add(direction, text));
  status = signal(/** @type {Status} */ ({ state: 'idle' }));
  /** What each request does, once that was asked. */
  types = signal(/** @type {Record<string, string>} */ ({}));
  /** Whether the server lets faults of its own be planned (DEV=1). */
  isDev = signal(false);
  #storage = memoryStorage(); // so that two people may be here, and neither is the page's
  /** @type {Map<string, Promise<Record<string, FieldHelp>>>} */
  #helps = new Map();

  /** @param {string} title */
  constructor(title) {
    this.title = title;
    const { WebSocket } = this.wire;
    this.client = createClient({ url: SERVER, auth: 'bearer', storage: this.#storage, WebSocket });
    this.client.on('status', (status) => {
      this.status.value = status;
    });
  }

  /**
   * Log in and connect, with a new account if that is wished; throws ParleyError.
   * @param {NewAccount} account
   * @param {boolean} isNew
   */
  static async begin({ username, password, fullname }, isNew) {
    const session = new Session(username);
    const { auth } = session.client;
    if (isNew) await auth.register({ username, password, fullname });
    await auth.login(/** @type {Credentials} */ ({ usernameOrEmail: username, password }));
    session.client.connect();
    const about = await fetch(`${SERVER}/`, { headers: { Accept: 'application/json' } });
    session.isDev.value = (await about.json()).dev ?? false;
    return session;
  }

  end = async () => {
    await this.client.auth.logout().catch(() => this.client.disconnect());
  };

  /** Ask what requests there are, once. */
  learn = async () => {
    if (Object.keys(this.types.value).length) return;
    const { data } = await this.client.request('help');
    this.types.value = data.types;
  };

  /**
   * The fields of a request, asked once.
   * @param {string} event
   */
  help(event) {
    const known = this.#helps.get(event) ?? this.client.request('help', { event }).then(({ data }) => data.fields ?? {});
    this.#helps.set(event, known);
    known.catch(() => this.#helps.delete(event));
    return known;
  }

  /**
   * Send a request; what comes of it is seen on the tape.
   * @param {string} type
   * @param {object} fields
   */
  ask(type, fields) {
    this.client.request(/** @type {any} */ (type), /** @type {any} */ (fields)).catch(() => {});
  }

  /** Have an access token that the server takes no more, and lose the connection. */
  expire = async () => {
    const tokens = await this.#tokens();
    const access_token = `${tokens.access_token.slice(0, -10)}${'0'.repeat(10)}`;
    await this.#storage.set('tokens', { ...tokens, access_token });
    this.wire.cut();
  };

  /**
   * Have the server refuse the next requests.
   * @param {string} code
   * @param {string} times
   */
  refuse = async (code, times) => {
    const headers = { Authorization: `Bearer ${(await this.#tokens()).access_token}` };
    const body = JSON.stringify({ code, times });
    await fetch(`${SERVER}/dev/faults`, { method: 'POST', headers, body });
  };

  /** Where the library's state is not what is fetched afresh. @returns {Promise<Difference[]>} */
  compare = () =>
    compareAfresh(this.client, () => this.tape.state, async () => (await this.#tokens()).access_token);

  /** @returns {Promise<Tokens>} */
  async #tokens() {
    return /** @type {Tokens} */ (await this.#storage.get('tokens'));
  }
}
