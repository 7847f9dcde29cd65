/** How events and reads change messages, and what they move in their conversation. */

/** @import { ConversationMe, Message } from './wire.js' */
/** @import { State, Taker } from './state.js' */
/** @import { Window } from './timeline.js' */

import { amend, reached } from './state.js';
import { withChange, withNewest, withPage } from './timeline.js';

const LONG = /^(.{139})..+$/su; // a quote has at most 140 characters

/** @type {Taker} */
const sent = (state, { data, frame }) => {
  const { conversation_id: id, sender_username: sender } = data;
  if (!state.conversations.has(id)) return void state.stale.add(id); // not fetched so far
  show(state, id, (windows) => withNewest(windows, data));
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
  const { id, conversation_id, deleted_at, mentions } = data;
  change(state, conversation_id, (message) =>
    message.id == id
      ? {
          ...data,
          quote: deleted_at ? null : message.quote,
          me: deleted_at ? { reactions: [] } : message.me,
        }
      : requoted(message, data),
  );
  const me = state.conversations.get(conversation_id)?.me;
  // what is still unread, only the server knows of messages that were never loaded
  const counts = me?.mention_count || mentions.length || deleted_at;
  if (me && id > me.last_read_id && counts) state.stale.add(conversation_id);
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
  change(state, data.conversation_id, (message) => {
    if (message.id != data.message_id) return message;
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
    show(state, id, (windows) => withPage(windows, data, request));
  }
};

/**
 * Change messages wherever they are shown.
 * @param {State} state
 * @param {number} id of the conversation
 * @param {(message: Message) => Message} how
 */
const change = (state, id, how) => {
  show(state, id, (windows) => withChange(windows, how));
  amend(state, id, ({ last_message: last }) => ({ last_message: last && how(last) }));
};

/**
 * @param {State} state
 * @param {number} id
 * @param {(windows: readonly Window[]) => Window[]} how
 */
const show = (state, id, how) => {
  state.timelines.set(id, how(state.timelines.get(id) ?? []));
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
