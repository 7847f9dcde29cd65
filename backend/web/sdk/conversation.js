/** One conversation as a page uses it: a store to show, and what can be done in it. */

/** @import { Clock, ConversationSnapshot, OutboxItem, SendOptions } from './parley.js' */
/** @import { Client } from './client.js' */
/** @import { State } from './state.js' */

import { store } from './observable.js';
import { windowWith } from './timeline.js';

const PAGE = 50;
const TYPING_MS = 3000;

export class ConversationHandle {
  /** @type {number | null} a message in the window that is shown; null: the newest */
  #anchor = null;
  #markedUpTo = 0;
  #typedAt = -Infinity;
  /** @type {readonly OutboxItem[]} */
  #queued = [];
  #client;
  #state;
  #clock;
  #store = store(() => this.#read());

  /**
   * @param {number} id
   * @param {Pick<Client, 'request' | 'outbox' | 'status'>} client
   * @param {() => State} state what is known now
   * @param {Clock} clock
   */
  constructor(id, client, state, clock) {
    this.id = id;
    this.#client = client;
    this.#state = state;
    this.#clock = clock;
  }

  subscribe = this.#store.subscribe;
  getSnapshot = this.#store.getSnapshot;
  changed = this.#store.changed;
  isWatched = this.#store.isWatched;

  /** What is queued here has changed, or not. */
  requeued() {
    const queued = this.#client.outbox.list().filter((each) => each.request.conversation_id == this.id);
    if (!queued.length && !this.#queued.length) return;
    this.#queued = queued;
    this.changed();
  }

  /**
   * Queue a message; it is shown at once and sent as soon as that is possible.
   * @param {string} content
   * @param {SendOptions} [options]
   */
  send(content, { replyTo, files } = {}) {
    return this.#client.outbox.add({
      type: 'send_message',
      conversation_id: this.id,
      content,
      reply_id: replyTo,
      files,
    });
  }

  /** Load the newest messages, or those before the ones that are shown. */
  loadBefore = () => this.#load((shown) => shown.moreBefore && { before: shown.messages[0]?.id });

  /** Load those after the ones that are shown, after a jump. */
  loadAfter = () => this.#load((shown) => shown.moreAfter && { after: shown.messages.at(-1)?.id });

  /**
   * Show a message among those around it, or the newest ones for null.
   * @param {number | null} id
   */
  async jumpTo(id) {
    if (!windowWith(this.#windows(), id)) await this.#page({ around: id });
    this.#anchor = id;
    this.changed();
  }

  /**
   * Count what is there, or up to a message, as read.
   * @param {number} [id]
   */
  async markRead(id) {
    const { me, last_message } = this.getSnapshot().conversation ?? {};
    id ??= last_message?.id ?? 0;
    if (!me || (id <= Math.max(me.last_read_id, this.#markedUpTo) && !me.marked_unread)) return;
    this.#markedUpTo = id;
    try {
      await this.#client.request('mark_read', { conversation_id: this.id, message_id: id });
    } finally {
      this.#markedUpTo = 0;
    }
  }

  /**
   * Say that one is typing, at most every three seconds, or has stopped.
   * @param {boolean} [active]
   */
  typing(active = true) {
    const now = this.#clock.now();
    const isTold = now - this.#typedAt < TYPING_MS;
    if (isTold == active || this.#client.status.state != 'live') return;
    this.#typedAt = active ? now : -Infinity;
    this.#client.request('typing', { conversation_id: this.id, active }).catch(() => {});
  }

  #windows() {
    return this.#state().timelines.get(this.id) ?? [];
  }

  #shown() {
    return windowWith(this.#windows(), this.#anchor);
  }

  /** @param {(shown: import('./timeline.js').Window) => object | false} where */
  async #load(where) {
    const shown = this.#shown();
    const asked = shown ? where(shown) : {};
    if (asked) await this.#page(asked);
  }

  /** @param {object} asked */
  async #page(asked) {
    const known = this.#state().conversations.get(this.id);
    // how far the others have read, the list of conversations does not tell
    if (known && !known.receipts) this.#client.request('get_conversation_info', { id: this.id }).catch(() => {});
    return this.#client.request('get_messages', { conversation_id: this.id, limit: PAGE, ...asked });
  }

  /** @returns {ConversationSnapshot} */
  #read() {
    const state = this.#state();
    const shown = this.#shown();
    return {
      id: this.id,
      conversation: state.conversations.get(this.id) ?? null,
      messages: shown?.messages ?? [],
      isLoaded: !!shown,
      moreBefore: shown?.moreBefore ?? true,
      moreAfter: shown?.moreAfter ?? false,
      queued: this.#queued,
      typing: [...(state.typing.get(this.id)?.keys() ?? [])],
    };
  }
}
