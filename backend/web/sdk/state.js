/**
 * What a client knows. Conversations, messages and people in it are never changed, but replaced,
 * and `changed` collects whose stores are to tell.
 */

/** @import { Conversation, ConversationInfo, ConversationMe, SelfUser, User } from './wire.js' */
/** @import { Frame } from './parley.js' */
/** @import { Window } from './timeline.js' */

/** @typedef {Conversation & { me: ConversationMe, receipts?: ConversationInfo['receipts'] }} Known */
/** @typedef {{ data: any, frame: Frame, request: any }} Told */
/** @typedef {(state: State, told: Told) => void} Taker */

/**
 * @typedef {object} State
 * @property {SelfUser | null} self
 * @property {string} cursor of the last event that was taken in
 * @property {number} at the position in the log that this is the state of
 * @property {boolean} loaded whether what was there at the start has been fetched
 * @property {Map<number, Known>} conversations
 * @property {Map<number, readonly Window[]>} timelines
 * @property {Map<string, User>} contacts
 * @property {Set<string>} online of contacts and of partners in direct conversations
 * @property {Map<number, Map<string, number>>} typing by conversation: who, and until when
 * @property {Set<number>} stale conversations of which an event did not tell all
 * @property {Set<number | 'conversations' | 'contacts' | 'self'>} changed conversations by id
 */

/** @returns {State} */
export const emptyState = () => ({
  self: null,
  cursor: '',
  at: 0,
  loaded: false,
  conversations: new Map(),
  timelines: new Map(),
  contacts: new Map(),
  online: new Set(),
  typing: new Map(),
  stale: new Set(),
  changed: new Set(),
});

/**
 * Replace part of a conversation, if it is known.
 * @param {State} state
 * @param {number} id
 * @param {(known: Known) => Partial<Known>} change
 */
export const amend = (state, id, change) => {
  const known = state.conversations.get(id);
  if (known) put(state, { ...known, ...change(known) });
};

/**
 * Know a conversation.
 * @param {State} state
 * @param {Known} known
 */
export const put = (state, known) => {
  state.conversations.set(known.id, known);
  state.changed.add(known.id).add('conversations');
};

/**
 * Somebody has got as far as these messages; the rest follows, if everybody's place is known.
 * @param {Known} known
 * @param {string} username
 * @param {number} read
 * @param {number} delivered
 * @returns {Partial<Known>}
 */
export const reached = (known, username, read, delivered) =>
  everybody(
    known.receipts?.map((each) =>
      each.username == username
        ? {
            username,
            read_id: Math.max(each.read_id, read),
            delivered_id: Math.max(each.delivered_id, delivered),
          }
        : each,
    ),
  );

/**
 * How far all have got, by how far each has.
 * @param {Known['receipts']} receipts
 * @returns {Partial<Known>}
 */
export const everybody = (receipts) =>
  receipts?.length
    ? {
        receipts,
        read_by_all_id: Math.min(...receipts.map((each) => each.read_id)),
        delivered_to_all_id: Math.min(...receipts.map((each) => each.delivered_id)),
      }
    : {};
