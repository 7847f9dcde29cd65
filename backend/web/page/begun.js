/** Conversations that were begun, and wait to be created: there is no connection, or they were refused. */

import { computed, useRef } from '../vendor/preact.js';
import { chat, nameOf, outbox } from './chat.js';
import { close } from './dialogs.js';
import { keepDraft } from './drafts.js';
import { addressOf, go, readdress } from './route.js';

/** @import { NewConversation, OutboxItem, Queued, QueuedConversation } from '../sdk/parley.js' */
/** @typedef {OutboxItem<QueuedConversation>} Begun */

/**
 * @param {Queued} item
 * @returns {item is Begun}
 */
const isBegun = (item) => item.request.type == 'create_conversation';

/** All of them, the newest first, as the list has them. */
export const begun = computed(() => outbox.value.filter(isBegun).reverse());

/**
 * What one is called until the server says.
 * @param {Begun} item
 */
export const calledFor = ({ request: { name, members } }) => name || members.map(nameOf).join(', ');

/**
 * Begin a conversation and go there, whether there is a connection or not.
 * @param {NewConversation} fields
 */
export const begin = (fields) => {
  close();
  go(addressOf(chat.create(fields).id));
};

/**
 * The one with this id; also when it waits no more, for who has been looking at it all the time.
 * @param {number | string} id
 */
export const useBegun = (id) => {
  const last = useRef(/** @type {Begun | undefined} */ (undefined));
  last.current = begun.value.find((each) => each.id == id) ?? last.current;
  return last.current?.id == id ? last.current : undefined;
};

/** @type {Map<number | string, string>} */
const origins = new Map();

/**
 * What names a conversation from when it was begun here on, so that one goes on writing in it.
 * @param {number | string} id
 */
export const originOf = (id) => origins.get(id) ?? id;

/**
 * What was begun has been created: it has another address, where one is.
 * @param {string} id
 * @param {number} now
 */
export const created = (id, now) => {
  origins.set(now, id);
  keepDraft(id, '');
  readdress(addressOf(now));
};

/**
 * Throw one away, with what was written to it.
 * @param {string} id
 */
export const abandon = (id) => {
  for (const item of chat.outbox.list()) {
    if (item.id == id || item.request.conversation_client_id == id) chat.outbox.discard(item.id);
  }
  go('#');
};
