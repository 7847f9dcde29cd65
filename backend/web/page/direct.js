/** Writing to one person: the conversation with them, or asking who takes only contacts. */

import { begin } from './begun.js';
import { chat, conversations, otherOf, tried } from './chat.js';
import { close } from './dialogs.js';
import { addressOf, go } from './route.js';

/**
 * Go to the conversation with somebody, which is begun if none is known.
 * @param {string} username
 */
export const openDirect = (username) => {
  const known = conversations.peek().find((each) => otherOf(each)?.username == username);
  if (!known) return begin({ members: [username], kind: 'direct' });
  close();
  go(addressOf(known.id));
};

/**
 * Have somebody as a contact; who takes only contacts is asked.
 * @param {string} username
 */
export const addContact = (username) => tried(chat.request('add_contact', { contact_username: username }));
