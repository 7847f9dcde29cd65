/** Writing to one person: the conversation with them, or asking who takes only contacts. */

import { ParleyError } from '../sdk/parley.js';
import { chat, tried, trouble } from './chat.js';
import { close, confirm } from './dialogs.js';
import { addressOf, go } from './route.js';
import { t } from './texts.js';

/**
 * Open the conversation with somebody.
 * @param {string} username
 */
export const openDirect = async (username) => {
  close();
  try {
    const reply = await chat.request('create_conversation', { members: [username], kind: 'direct' });
    go(addressOf(reply.data.id));
  } catch (error) {
    if (!(error instanceof ParleyError)) throw error;
    // reachable by contacts only, or blocked: the server does not tell which, and asking is harmless
    if (error.code == 'forbidden') confirm(t.askQuestion(username), t.ask, () => addContact(username));
    else trouble.value = error.message;
  }
};

/**
 * Have somebody as a contact; who takes only contacts is asked.
 * @param {string} username
 */
export const addContact = (username) => tried(chat.request('add_contact', { contact_username: username }));
