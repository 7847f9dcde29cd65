/** One conversation as a page uses it: a store to show, and what can be done in it. */

/** @import { Clock, ConversationSnapshot, OutboxItem, SendOptions } from './parley.js' */
/** @import { Client } from './client.js' */
/** @import { State } from './state.js' */
/** @import { Window } from './timeline.js' */

import { store } from './observable.js';
import { windowWith } from './timeline.js';

const PAGE = 50;
const TYPING_MS = 3000;

/** @typedef {ReturnType<typeof conversationHandle>} ConversationHandle */

/**
 * @param {number | string} name its id; or the `client_id` it waits to be created with
 * @param {Pick<Client, 'request' | 'outbox' | 'status'>} client
 * @param {() => State} state what is known now
 * @param {Clock} clock
 */
export const conversationHandle = (name, client, state, clock) => {
  let id = name;
  /** @type {number | null} a message in the window that is shown; null: the newest */
  let anchor = null;
  let markedUpTo = 0;
  let typedAt = -Infinity;
  /** @type {readonly OutboxItem[]} */
  let queued = [];
  let isFinding = false;

  const read = () => {
    const { conversations, typing } = state();
    const shown = windowShown();
    return /** @type {ConversationSnapshot} */ ({
      id,
      conversation: conversations.get(/** @type {number} */ (id)) ?? null,
      messages: shown?.messages ?? [],
      isLoaded: !!shown,
      moreBefore: !shown || shown.moreBefore,
      moreAfter: !!shown?.moreAfter,
      queued,
      typing: [...(typing.get(/** @type {number} */ (id))?.keys() ?? [])],
    });
  };
  const shownStore = store(read);

  /** @param {number | null} message */
  const windowAt = (message) =>
    windowWith(state().timelines.get(/** @type {number} */ (id)) ?? [], message);
  const windowShown = () => windowAt(anchor);

  /** It does not wait any more: this tab has created it, or another, or it was thrown away. */
  const find = async () => {
    if (isFinding) return;
    isFinding = true;
    const found = await client.request('get_conversation_info', { client_id: name }).catch(() => {});
    isFinding = false;
    if (!found) return;
    id = found.data.id;
    shownStore.changed();
  };

  /** @param {object} asked */
  const page = async (asked) => {
    if (typeof id == 'string') return; // there is none yet
    const known = state().conversations.get(id);
    // how far the others have read, the list of conversations does not tell
    if (known && !known.receipts) client.request('get_conversation_info', { id }).catch(() => {});
    await client.request('get_messages', { conversation_id: id, limit: PAGE, ...asked });
  };

  /** @param {(shown: Window) => object | false} where */
  const load = async (where) => {
    const shown = windowShown();
    const asked = shown ? where(shown) : {};
    if (asked) await page(asked);
  };

  return {
    ...shownStore,

    get id() {
      return id;
    },

    /** What is queued here has changed, or not. */
    requeued() {
      const all = client.outbox.list();
      if (typeof id == 'string' && !all.some((each) => each.id == id)) find();
      const now = /** @type {OutboxItem[]} */ (all).filter(
        ({ request }) => request.conversation_id == id || request.conversation_client_id == name,
      );
      if (!now.length && !queued.length) return;
      queued = now;
      shownStore.changed();
    },

    /**
     * Queue a message; it is shown at once and sent as soon as that is possible.
     * @param {string} content
     * @param {SendOptions} [options]
     */
    send: (content, { replyTo, files } = {}) =>
      client.outbox.add({
        type: 'send_message',
        [typeof id == 'string' ? 'conversation_client_id' : 'conversation_id']: id,
        content,
        reply_id: replyTo,
        files,
      }),

    /** Load the newest messages, or those before the ones that are shown. */
    loadBefore: () => load((shown) => shown.moreBefore && { before: shown.messages[0]?.id }),

    /** Load those after the ones that are shown, after a jump. */
    loadAfter: () => load((shown) => shown.moreAfter && { after: shown.messages.at(-1)?.id }),

    /**
     * Show a message among those around it, or the newest ones for null.
     * @param {number | null} message
     */
    async jumpTo(message) {
      if (!windowAt(message)) await page({ around: message });
      anchor = message;
      shownStore.changed();
    },

    /**
     * Count what is there, or up to a message, as read.
     * @param {number} [message]
     */
    async markRead(message) {
      const { me, last_message } = read().conversation ?? {};
      message ??= last_message?.id ?? 0;
      if (!me || (message <= Math.max(me.last_read_id, markedUpTo) && !me.marked_unread)) return;
      markedUpTo = message;
      try {
        await client.request('mark_read', { conversation_id: id, message_id: message });
      } finally {
        markedUpTo = 0;
      }
    },

    /**
     * Say that one is typing, at most every three seconds, or has stopped.
     * @param {boolean} [active]
     */
    typing(active = true) {
      const now = clock.now();
      const isTold = now - typedAt < TYPING_MS;
      if (isTold == active || typeof id == 'string' || client.status.state != 'live') return;
      typedAt = active ? now : -Infinity;
      client.request('typing', { conversation_id: id, active }).catch(() => {});
    },
  };
};
