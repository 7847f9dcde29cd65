/** How events and reads change contacts, presence, and oneself. */

/** @import { User } from './wire.js' */
/** @import { State, Taker } from './state.js' */

import { amend } from './state.js';

/** @type {Taker} */
const added = (state, { data: { contact } }) => {
  const is_online = state.online.has(contact.username); // no event but user_status tells presence
  meet(state, { ...contact, is_online });
};

/** @type {Taker} */
const removed = (state, { data }) => {
  state.contacts.delete(data.username);
  state.online.delete(data.username);
  state.changed.add('contacts');
};

/** @type {Taker} */
const profiled = (state, { data }) => {
  const { is_online, last_online, me, ...profile } = data; // presence is as it was then
  renew(state, data.username, profile);
  if (data.username == state.self?.username) {
    state.self = { .../** @type {any} */ (state.self), ...profile, ...me };
    state.changed.add('self');
  }
};

/** @type {Taker} */
const seen = (state, { data }) => {
  const { username, ...values } = data;
  isOnline(state, username, data.is_online);
  renew(state, username, values);
};

/**
 * Know a contact.
 * @param {State} state
 * @param {User} user
 */
const meet = (state, user) => {
  state.contacts.set(user.username, user);
  state.changed.add('contacts');
};

/**
 * Replace part of a person, as a contact and in conversations.
 * @param {State} state
 * @param {string} username
 * @param {Partial<User>} values
 */
const renew = (state, username, values) => {
  const contact = state.contacts.get(username);
  if (contact) meet(state, { ...contact, ...values });
  for (const { id, participants } of [...state.conversations.values()]) {
    if (!participants.some((each) => each.username == username)) continue;
    amend(state, id, () => ({
      participants: participants.map((each) =>
        each.username == username ? { ...each, ...values } : each,
      ),
    }));
  }
};

/**
 * @param {State} state
 * @param {string} username
 * @param {boolean | null} online
 */
const isOnline = (state, username, online) => {
  state.online[online ? 'add' : 'delete'](username);
};

/**
 * Take in who of those one is told of is online: all of them.
 * @param {State} state
 * @param {readonly string[]} usernames
 */
export const present = (state, usernames) => {
  const before = state.online;
  state.online = new Set(usernames);
  for (const username of [...before, ...usernames]) {
    renew(state, username, { is_online: state.online.has(username) });
  }
};

/** @type {Taker} */
const listed = (state, { data }) => {
  for (const each of data.users) {
    meet(state, each);
    isOnline(state, each.username, each.is_online);
  }
};

/** @type {Record<string, Taker>} */
export const peopleTakers = {
  add_contact: added,
  remove_contact: removed,
  update_profile: profiled,
  user_status: seen,
  get_contacts: listed,
};
