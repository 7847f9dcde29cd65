/** The client: the parts put together, and the way of a frame through them. */

/** @import { ClientOptions, Events, Frame, NewConversation, UploadOptions } from './parley.js' */
/** @import { ResumeData, SelfUser } from './wire.js' */
/** @import { ConversationHandle } from './conversation.js' */
/** @import { State } from './state.js' */

import { Auth } from './auth.js';
import { Connection } from './connection.js';
import { conversationHandle } from './conversation.js';
import { ParleyError } from './errors.js';
import { deliveries } from './marks.js';
import { signal, store } from './observable.js';
import { settings } from './options.js';
import { Outbox } from './outbox.js';
import { Pace } from './pace.js';
import { present } from './people.js';
import { take } from './reducer.js';
import { Requests } from './requests.js';
import { emptyState } from './state.js';
import { heardTyping } from './typing.js';

export class Client {
  /** @type {State} */
  #state = emptyState();
  /** @type {ResumeData | undefined} */
  #resume;
  /** Aborts what is fetched after a reconnect; it is aborted until everything missed has come. */
  #fetching = new AbortController();
  /** @type {Map<number | string, ConversationHandle>} by what they were asked for */
  #handles = new Map();
  /** @type {Partial<Record<keyof Events, ReturnType<typeof signal>>>} */
  #events = {};
  #options;
  #connection;
  #requests;
  #pace;
  #delivered;

  conversations = store(() =>
    [...this.#state.conversations.values()].sort((a, b) => b.activity - a.activity),
  );
  contacts = store(() =>
    [...this.#state.contacts.values()].sort((a, b) => (a.username < b.username ? -1 : 1)),
  );
  self = store(() => this.#state.self);

  /** @param {ClientOptions} options */
  constructor(options) {
    this.#options = settings(options);
    const { url, clock, locks } = this.#options;
    this.#connection = new Connection({
      ...this.#options,
      prepare: () => this.#prepare(),
      refresh: () => this.auth.refresh(),
      take: (frame) => this.#take(frame),
      lost: (code) => this.#lost(code),
      tell: (status) => {
        if (this.#isResting()) this.#requests.stop();
        this.#tell('status', status);
      },
    });
    this.#requests = new Requests((text) => this.#send(text), clock);
    this.#pace = new Pace(clock);
    this.outbox = new Outbox({
      ...this.#options,
      pace: this.#pace,
      submit: ({ type, ...fields }) => this.#requests.ask(type, fields),
      alone: (work) => locks?.request(`parley ${url} ${this.#state.self?.id}`, work) ?? work(),
      changed: () => this.#queueChanged(),
    });
    this.auth = new Auth({ ...this.#options, forget: () => this.#forget() });
    this.#delivered = deliveries(clock, this.request);
    this.#remember();
  }

  connect = () => this.#connection.connect();
  disconnect = () => this.#connection.disconnect();

  get status() {
    return this.#connection.status;
  }

  get limits() {
    return this.#resume?.limits ?? {};
  }

  /**
   * @param {keyof Events} event
   * @param {(value: any) => void} listener
   */
  on = (event, listener) => (this.#events[event] ??= signal()).add(listener);

  /**
   * @param {string} type
   * @param {object} [fields]
   * @param {{ signal?: AbortSignal }} [options]
   */
  request = async (type, fields = {}, { signal: aborted } = {}) => {
    if (this.#isResting()) throw new ParleyError({ error: 'not connected', code: 'stopped' });
    return this.#requests.ask(type, fields, aborted);
  };

  /**
   * Queue a new conversation; gives it, to be written to at once.
   * @param {NewConversation} fields
   */
  create = (fields) =>
    this.conversation(this.outbox.add({ ...fields, type: 'create_conversation' }).id);

  /** @param {number | string} id or the `client_id` that it is created with */
  conversation = (id) => {
    let handle = this.#handles.get(id);
    if (!handle) {
      handle = conversationHandle(id, this, () => this.#state, this.#options.clock);
      this.#handles.set(id, handle);
      handle.requeued();
    }
    return handle;
  };

  /**
   * @param {Blob} file
   * @param {UploadOptions} [options]
   */
  upload = async (file, options = {}) => {
    return (await import('./upload.js')).upload(this.auth, file, options);
  };

  #isResting() {
    return /idle|stopped/.test(this.status.state);
  }

  /**
   * @template {keyof Events} E
   * @param {E} event
   * @param {Events[E]} value
   */
  #tell(event, value) {
    this.#events[event]?.tell(value);
  }

  /** Take up what is kept of who was here last. */
  async #remember() {
    const self = /** @type {SelfUser | undefined} */ (await this.#options.storage.get('user'));
    if (!self || this.#state.self) return; // the server was faster
    this.#state.self = self;
    await this.outbox.use(self.id);
  }

  /** Nobody is logged in any more. */
  async #forget() {
    this.disconnect();
    await this.#options.storage.remove('');
    this.outbox.forget();
    this.#begin(emptyState());
  }

  /** @returns {Promise<[string, string[]]>} */
  async #prepare() {
    const base = this.#options.url.replace(/^http/, 'ws');
    const address = `${base}/ws?cursor=${this.#state.cursor}`; // letters, digits and dashes
    return [address, await this.auth.protocols()];
  }

  /** @param {string} text */
  #send(text) {
    const isSent = this.#connection.send(text);
    if (isSent) this.#tell('frame', { direction: 'out', frame: JSON.parse(text) });
    return isSent;
  }

  /** @param {Frame} frame */
  #take(frame) {
    this.#tell('frame', { direction: 'in', frame });
    if (frame.type == 'resume') this.#resuming(frame.data);
    else if (frame.type == 'resumed') this.#resumed();
    else {
      const isLive = !this.#fetching.signal.aborted; // else it is replayed
      if (frame.success) this.#learn(frame, isLive);
      if (isLive) this.#notify();
      this.#requests.settle(frame);
    }
  }

  /**
   * @param {Frame} frame
   * @param {boolean} isLive
   */
  #learn(frame, isLive) {
    const { type, data, ref } = frame;
    if (type == 'typing' && ref === undefined) {
      heardTyping(this.#state, data, this.#options.clock, () => this.#notify());
    }
    take(this.#state, frame, this.#requests.answeredBy(frame));
    if (data.client_id && data.sender_id == this.#state.self?.id) this.outbox.discard(data.client_id);
    if (isLive) this.#delivered(this.#state, frame);
  }

  /** @param {ResumeData} data */
  #resuming(data) {
    this.#resume = data;
    this.#fetching.abort();
    if (data.status != 'ok') {
      this.#begin({ ...emptyState(), cursor: data.cursor, at: data.at });
      this.#tell('reset', data.reason);
    }
    this.#state.self = data.self;
    this.#state.changed.add('self').add('contacts');
    this.#options.storage.set('user', data.self);
    this.outbox.use(data.self.id);
    this.#pace.begin(data.limits);
  }

  /** What was missed has come: fetch what is needed, then be live. */
  async #resumed() {
    const { limits, online } = /** @type {ResumeData} */ (this.#resume);
    present(this.#state, online);
    const { signal: aborted } = (this.#fetching = new AbortController());
    this.#requests.open(/** @type {number} */ (limits['MAX_FRAME_BYTES']));
    this.#notify();
    try {
      await this.#fetch(aborted);
      this.#connection.live();
      this.outbox.open();
      this.#notify();
    } catch {
      if (!aborted.aborted) this.#connection.drop();
    }
  }

  /**
   * Fetch what there is, page by page; what moves up meanwhile tells so by its message.
   * @param {AbortSignal} aborted
   */
  async #fetch(aborted) {
    if (this.#state.loaded) return;
    /** @type {Frame | undefined} */
    let page;
    do page = await this.#requests.ask('get_conversations', { before: page?.['next'] }, aborted);
    while (page['next']);
    await this.#requests.ask('get_contacts', {}, aborted);
    this.#state.loaded = true;
    for (const handle of this.#handles.values()) {
      if (handle.isWatched()) handle.loadBefore().catch(() => {});
    }
  }

  /** @param {number} code */
  #lost(code) {
    this.#fetching.abort();
    this.outbox.close();
    this.#requests.close(code == 1009 || code == 4400);
    for (const id of this.#state.typing.keys()) this.#state.changed.add(id);
    this.#state.typing.clear();
    this.#notify();
  }

  /**
   * Begin from another state.
   * @param {State} state
   */
  #begin(state) {
    this.#state = state;
    const { conversations, contacts, self } = this;
    for (const each of [conversations, contacts, self, ...this.#handles.values()]) each.changed();
  }

  #queueChanged() {
    for (const handle of this.#handles.values()) handle.requeued();
    this.#tell('outbox', this.outbox.list());
  }

  /** Let the stores of what has changed tell so, and fetch what an event left open. */
  #notify() {
    const changed = [...this.#state.changed];
    this.#state.changed.clear();
    for (const key of changed) {
      if (typeof key == 'string') this[key].changed();
      else for (const handle of this.#handles.values()) handle.id == key && handle.changed();
    }
    if (changed.length) this.#tell('change', changed);
    if (this.status.state != 'live') return;
    const { stale } = this.#state;
    for (const id of stale) {
      stale.delete(id);
      this.request('get_conversation_info', { id }).catch(({ code }) => {
        if (code != 'not_found') stale.add(id); // lost on the way: once more when live again
      });
    }
  }
}
