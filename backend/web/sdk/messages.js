/** How events and reads change messages, and what they move in their conversation. */

/** @import { ConversationMe, Message } from './wire.js' */
/** @import { State, Taker } from './state.js' */

import { amend, reached } from './state.js';
import { withChange, withNewest, withPage } from './timeline.js';

const LONG = /^(.{139})..+$/su; // a quote has at most 140 characters

/** @type {Taker} */
const sent = (state, { data, frame }) => {
  const { conversation_id: id, sender_username: sender } = data;
  if (!state.conversations.has(id)) return void state.stale.add(id); // not fetched so far
  show(state, id, withNewest(state.timelines.get(id) ?? [], data));
  state.typing.get(id)?.delete(sender);
  if (data.kind != 'text') return;
  amend(state, id, (known) => ({
    last_message: data,
    activity: /** @type {number} */ (frame.at),
    me: counted(known.me, data, state.self?.username),
    ...reached(known, sender, data.id, data.id),
  }));
};

/**
 * One's own part after a message: one's own reads up to itself, another's is one more.
 * @param {ConversationMe} me
 * @param {Message} message
 * @param {string | undefined} username
 * @returns {ConversationMe}
 */
const counted = (me, message, username) =>
  message.sender_username == username
    ? { ...me, unread_count: 0, mention_count: 0, first_unread_id: null, last_read_id: message.id, marked_unread: false }
    : {
        ...me,
        unread_count: me.unread_count + 1,
        mention_count: me.mention_count + Number(message.mentions.includes(username ?? '')),
        first_unread_id: me.first_unread_id ?? message.id,
      };

/** @type {Taker} */
const changed = (state, { data }) => {
  change(state, data.conversation_id, data.id, (message) => ({
    ...data,
    quote: data.deleted_at ? null : message.quote,
    me: data.deleted_at ? { reactions: [] } : message.me,
  }));
  const windows = state.timelines.get(data.conversation_id) ?? [];
  show(state, data.conversation_id, withChange(windows, (message) => requoted(message, data)));
  const me = state.conversations.get(data.conversation_id)?.me;
  // what is still unread, only the server knows of messages that were never loaded
  const counts = me?.mention_count || data.mentions.length || data.deleted_at;
  if (me && data.id > me.last_read_id && counts) {
    state.stale.add(data.conversation_id);
  }
};

/**
 * A message with its quote as it is after the quoted one changed.
 * @param {Message} message
 * @param {Message} original
 */
const requoted = (message, { id, content }) => {
  if (message.quote?.id != id) return message;
  const start = content?.replace(LONG, '$1…') ?? null;
  return { ...message, quote: { ...message.quote, content: start } };
};

/** @type {Taker} */
const reacted = (state, { data, frame }) =>
  change(state, data.conversation_id, data.message_id, (message) => {
    const own = new Set(message.me?.reactions);
    if (data.username == state.self?.username) {
      own[frame.type == 'add_reaction' ? 'add' : 'delete'](data.emoji);
    }
    return { ...message, reactions: data.reactions, me: { reactions: [...own] } };
  });

/** @type {Taker} */
const read = (state, { data, request }) => {
  const id = data.conversation_id;
  if (state.conversations.has(id) && !request.ids) {
    show(state, id, withPage(state.timelines.get(id) ?? [], data, request));
  }
};

/**
 * Change a message wherever it is shown.
 * @param {State} state
 * @param {number} conversationId
 * @param {number} id
 * @param {(message: Message) => Message} how
 */
const change = (state, conversationId, id, how) => {
  const one = (/** @type {Message} */ message) => (message.id == id ? how(message) : message);
  show(state, conversationId, withChange(state.timelines.get(conversationId) ?? [], one));
  amend(state, conversationId, ({ last_message: last }) => ({ last_message: last && one(last) }));
};

/**
 * @param {State} state
 * @param {number} id
 * @param {import('./timeline.js').Window[]} windows
 */
const show = (state, id, windows) => {
  state.timelines.set(id, windows);
  state.changed.add(id);
};

/** @type {Record<string, Taker>} */
export const messageTakers = {
  send_message: sent,
  forward_message: sent,
  edit_message: changed,
  delete_message: changed,
  pin_message: changed,
  unpin_message: changed,
  add_reaction: reacted,
  remove_reaction: reacted,
  get_messages: read,
};
