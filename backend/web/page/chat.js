/** The client, and what it knows as signals that views follow by reading them. */

import { createClient } from '../sdk/parley.js';
import { batch, computed, signal } from '../vendor/preact.js';
import { SERVER } from './base.js';
import { forget } from './keeping.js';
import { t } from './texts.js';

/** @import { ReadonlySignal } from '../vendor/preact.js' */
/** @import { KnownConversation, Status, Store, User } from '../sdk/parley.js' */

export const chat = createClient({ url: SERVER, storage: 'indexeddb' });

/**
 * A store of the client as a signal.
 * @template T
 * @param {Store<T>} store
 * @returns {ReadonlySignal<T>}
 */
const following = (store) => {
  const now = signal(store.getSnapshot());
  store.subscribe(() => {
    now.value = store.getSnapshot();
  });
  return now;
};

/** @type {ReadonlySignal<Status>} */
export const status = signal(chat.status);
chat.on('status', (value) => {
  /** @type {{ value: Status }} */ (status).value = value;
});

/** What waits to be sent, or has failed, in all conversations. */
export const outbox = signal(chat.outbox.list());
chat.on('outbox', (items) => {
  outbox.value = items;
});

export const self = following(chat.self);
export const conversations = following(chat.conversations);
export const contacts = following(chat.contacts);

/** @type {Map<number | string, ReadonlySignal<import('../sdk/parley.js').ConversationSnapshot>>} */
const views = new Map();

/**
 * One conversation's messages and state.
 * @param {number | string} id or, until it has been created, its `client_id`
 */
export const view = (id) => {
  const known = views.get(id) ?? following(chat.conversation(id));
  views.set(id, known);
  return known;
};

/** The people one knows, by username: contacts and those one talks with. */
export const people = computed(() => {
  /** @type {Map<string, User>} */
  const all = new Map();
  for (const { participants } of conversations.value) {
    for (const each of participants) all.set(each.username, each);
  }
  for (const each of contacts.value) all.set(each.username, each);
  if (self.value) all.set(self.value.username, self.value);
  return all;
});

/**
 * A person's name to show.
 * @param {string} username
 */
export const nameOf = (username) =>
  username == self.value?.username ? t.you : people.value.get(username)?.fullname || username;

/**
 * The other one of a direct conversation.
 * @param {KnownConversation} conversation
 * @returns {User | undefined}
 */
export const otherOf = ({ kind, participants }) =>
  kind == 'direct' ? participants.find((each) => each.username != self.value?.username) : undefined;

/**
 * What a conversation is called: if nobody gave it a name, after the others who are in it.
 * @param {KnownConversation} conversation
 */
export const titleOf = ({ name, named, participants, member_count }) => {
  if (named) return name;
  const others = participants.filter((each) => each.username != self.value?.username);
  const names = others.map((each) => each.fullname || each.username).join(', ');
  return names && others.length < member_count - 1 ? `${names}…` : names || name;
};

/**
 * Whether a conversation is muted now.
 * @param {KnownConversation} conversation
 */
export const isMuted = ({ me }) => (me.muted_until ?? 0) > Date.now() / 1000;

/** What went wrong last, in words; shown until it is closed or something else works. */
export const trouble = signal('');

/**
 * Do something that may be refused, and say so when it is.
 * @template T
 * @param {Promise<T>} work
 * @returns {Promise<T | null>}
 */
export const tried = async (work) => {
  try {
    return await work;
  } catch (error) {
    trouble.value = error instanceof Error ? error.message : t.failed;
    return null;
  }
};

/** Log out, and let this browser forget what it kept. */
export const signOut = async () => {
  if ((await tried(chat.auth.logout().then(() => true))) == null) return;
  batch(() => {
    forget();
    location.hash = '';
    chat.connect();
  });
};
