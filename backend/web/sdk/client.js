/** The client: the parts put together. */

/** @import { Client, ClientOptions, Frame } from './parley.js' */
/** @import { ResumeData, SelfUser } from './wire.js' */

import { Auth } from './auth.js';
import { Connection } from './connection.js';
import { ConversationHandle } from './conversation.js';
import { ParleyError } from './errors.js';
import { deliveries } from './marks.js';
import { signal, store } from './observable.js';
import { Outbox } from './outbox.js';
import { Pace } from './pace.js';
import { take } from './reducer.js';
import { Requests } from './requests.js';
import { emptyState } from './state.js';
import { indexedDbStorage, memoryStorage } from './storage.js';
import { heardTyping } from './typing.js';

/** @type {import('./parley.js').Clock} */
const CLOCK = {
  now: () => Date.now(),
  setTimeout: (then, ms) => setTimeout(then, ms),
  clearTimeout: (timer) => clearTimeout(/** @type {any} */ (timer)),
};

/**
 * A client of the server at `url`; nothing is sent before `connect`.
 * @param {ClientOptions} [options]
 * @returns {Client}
 */
export const createClient = ({
  url = globalThis.location?.origin,
  auth: how = globalThis.document ? 'cookie' : 'bearer',
  storage: kind = 'memory',
  WebSocket = globalThis.WebSocket,
  fetch = globalThis.fetch.bind(globalThis),
  clock = CLOCK,
  random = Math.random,
  locks = kind == 'indexeddb' ? navigator.locks : undefined,
} = {}) => {
  const name = `parley ${url}`;
  const storage =
    typeof kind == 'object' ? kind : kind == 'memory' ? memoryStorage() : indexedDbStorage(name);
  let state = emptyState();
  /** @type {ResumeData | null} */
  let resume = null;
  let catchingUp = new AbortController(); // aborted while nothing is fetched
  catchingUp.abort();
  /** @type {Set<number>} */
  const refreshing = new Set();
  /** @type {Map<number, ConversationHandle>} */
  const handles = new Map();
  const events = {
    frame: signal(),
    status: signal(),
    change: signal(),
    reset: signal(),
    outbox: signal(),
  };

  const connection = new Connection({
    WebSocket,
    clock,
    random,
    async prepare() {
      await ready;
      const address = `${url.replace(/^http/, 'ws')}/ws?cursor=${encodeURIComponent(state.cursor)}`;
      return { address, protocols: await auth.protocols() };
    },
    refresh: () => auth.refresh(),
    take: (frame) => taken(frame),
    lost(code) {
      catchingUp.abort();
      outbox.close();
      requests.close(code == 1009 || code == 4400);
      for (const id of state.typing.keys()) state.changed.add(id);
      state.typing.clear();
      notify();
    },
    tell(status) {
      if (status.state == 'idle' || status.state == 'stopped') requests.stop();
      events.status.tell(status);
    },
  });

  const requests = new Requests((text) => {
    const isSent = connection.send(text);
    if (isSent) events.frame.tell({ direction: 'out', frame: JSON.parse(text) });
    return isSent;
  }, clock);

  const pace = new Pace(clock);
  const outbox = new Outbox({
    storage,
    pace,
    submit: ({ type, ...fields }) => requests.ask(type, fields),
    alone: (work) => (locks ? locks.request(`${name} ${state.self?.id}`, work) : work()),
    changed() {
      for (const handle of handles.values()) handle.requeued();
      events.outbox.tell(outbox.list());
    },
    now: clock.now,
  });

  const auth = new Auth({
    url,
    how,
    fetch,
    storage,
    async forget() {
      connection.disconnect();
      await storage.remove('');
      outbox.forget();
      start(emptyState());
      notify();
    },
  });

  const delivered = deliveries(clock, (type, fields) => request(type, fields).catch(() => {}));

  const stores = {
    conversations: store(() =>
      [...state.conversations.values()].sort((a, b) => b.activity - a.activity),
    ),
    contacts: store(() =>
      [...state.contacts.values()]
        .map((each) => ({ ...each, is_online: state.online.has(each.username) }))
        .sort((a, b) => (a.username < b.username ? -1 : 1)),
    ),
    self: store(() => state.self),
  };

  /**
   * @param {string} type
   * @param {object} [fields]
   * @param {{ signal?: AbortSignal }} [options]
   */
  const request = async (type, fields = {}, { signal: aborted } = {}) => {
    if (['idle', 'stopped'].includes(connection.status.state)) {
      throw new ParleyError('not connected', 'stopped');
    }
    return requests.ask(type, fields, aborted);
  };

  /** @param {number} id */
  const conversation = (id) => {
    let handle = handles.get(id);
    if (!handle) {
      handle = new ConversationHandle(id, {
        state: () => state,
        queued: outbox.list,
        queue: (item) => outbox.add(item),
        ask: request,
        isLive: () => connection.status.state == 'live',
        now: clock.now,
      });
      handles.set(id, handle);
      handle.requeued();
    }
    return handle;
  };

  const ready = (async () => {
    const self = /** @type {SelfUser | undefined} */ (await storage.get('user'));
    if (!self) return;
    state.self = self;
    await outbox.use(self.id);
  })();

  /**
   * Begin from another state.
   * @param {import('./state.js').State} next
   */
  const start = (next) => {
    for (const id of [...state.conversations.keys(), ...handles.keys()]) next.changed.add(id);
    for (const key of Object.keys(stores)) next.changed.add(key);
    state = next;
  };

  /** @param {Frame} frame */
  const taken = (frame) => {
    events.frame.tell({ direction: 'in', frame });
    if (frame.type == 'resume') return resuming(frame.data);
    if (frame.type == 'resumed') return resumed();
    const isLive = !catchingUp.signal.aborted; // else it is replayed
    if (frame.success) {
      if (frame.type == 'typing' && frame.ref === undefined) {
        heardTyping(state, frame.data, clock, notify);
      }
      take(state, frame, requests.answeredBy(frame), isLive);
      if (frame.data.client_id && frame.data.sender_id == state.self?.id) {
        outbox.discard(frame.data.client_id);
      }
      if (isLive) delivered(state, frame);
    }
    if (isLive) notify();
    requests.settle(frame);
  };

  /** @param {ResumeData} data */
  const resuming = (data) => {
    resume = data;
    if (data.status != 'ok') {
      start({ ...emptyState(), cursor: data.cursor, at: data.at });
      events.reset.tell(data.reason);
    }
    state.self = data.self;
    state.changed.add('self');
    storage.set('user', data.self);
    outbox.use(data.self.id);
    pace.begin(data.limits);
  };

  /** What was missed has come: fetch what is needed, then be live. */
  const resumed = async () => {
    const { limits, online } = /** @type {ResumeData} */ (resume);
    state.online = new Set(online);
    state.changed.add('contacts');
    catchingUp = new AbortController();
    const { signal: aborted } = catchingUp;
    requests.open(limits['MAX_FRAME_BYTES'] ?? Infinity);
    notify();
    try {
      if (!state.loaded) {
        await Promise.all([
          requests.ask('get_contacts', {}, aborted),
          requests.ask('get_conversations', {}, aborted),
        ]);
        state.loaded = true;
      }
      connection.live();
      outbox.open();
      notify();
      for (const handle of handles.values()) {
        if (handle.isWatched() && !handle.getSnapshot().isLoaded) handle.loadBefore().catch(() => {});
      }
    } catch {
      if (!aborted.aborted) connection.drop();
    }
  };

  /** Let the stores of what has changed tell so, and fetch what an event left open. */
  const notify = () => {
    const changed = [...state.changed];
    state.changed.clear();
    for (const key of changed) {
      if (typeof key == 'number') handles.get(key)?.changed();
      else stores[/** @type {keyof typeof stores} */ (key)].changed();
    }
    if (changed.length) events.change.tell(changed);
    for (const id of state.stale) {
      if (refreshing.has(id) || connection.status.state != 'live') continue;
      refreshing.add(id);
      requests
        .ask('get_conversation_info', { id })
        .catch(() => state.stale.delete(id))
        .finally(() => refreshing.delete(id));
    }
  };

  return /** @type {Client} */ ({
    auth,
    connect: () => connection.connect(),
    disconnect: () => connection.disconnect(),
    get status() {
      return connection.status;
    },
    get limits() {
      return resume?.limits ?? {};
    },
    request,
    on: (/** @type {keyof typeof events} */ event, /** @type {any} */ listener) =>
      events[event].add(listener),
    ...stores,
    conversation,
    outbox,
  });
};
