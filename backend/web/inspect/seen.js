/** Ids and names that were seen on the tape, to complete a field with. */

/** @import { State } from '../sdk/state.js' */

/** @typedef {{ value: string | number, label: string }} Seen */

const MOST = 50;
const PEOPLE = ['username', 'usernames', 'contact_username', 'members', 'sender', 'prefix'];
const MESSAGES = ['message_id', 'reply_id', 'before', 'after', 'around'];

/**
 * What might be meant by a field of a request, the newest first.
 * @param {State} state
 * @param {string} type
 * @param {string} field
 * @returns {Seen[]}
 */
export const seen = (state, type, field) => {
  if (PEOPLE.includes(field)) return people(state);
  if (field == 'conversation_id' || type == 'get_conversation_info') return conversations(state);
  if (field == 'before' && type == 'get_conversations') return [];
  return MESSAGES.includes(field) ? messages(state) : [];
};

/** @param {State} state */
const conversations = (state) =>
  [...state.conversations.values()]
    .sort((a, b) => b.activity - a.activity)
    .slice(0, MOST)
    .map(({ id, name }) => ({ value: id, label: name }));

/** @param {State} state */
const messages = (state) => {
  const loaded = [...state.timelines.values()].flat().flatMap((each) => each.messages);
  const last = [...state.conversations.values()].flatMap((each) => each.last_message ?? []);
  const all = new Map([...loaded, ...last].map((each) => [each.id, each]));
  return [...all.values()]
    .sort((a, b) => b.id - a.id)
    .slice(0, MOST)
    .map(({ id, sender_username, content }) => ({
      value: id,
      label: `${sender_username}: ${(content ?? 'deleted').slice(0, 40)}`,
    }));
};

/** @param {State} state */
const people = (state) => {
  const members = [...state.conversations.values()].flatMap((each) => each.participants);
  const all = new Map([...members, ...state.contacts.values()].map((each) => [each.username, each]));
  if (state.self) all.set(state.self.username, state.self);
  return [...all.values()].slice(0, MOST).map(({ username, fullname }) => ({ value: username, label: fullname }));
};
