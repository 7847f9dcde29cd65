/** Where one is, as it stands in the address, so that back and reload work. */

import { signal } from '../vendor/preact.js';

/**
 * @typedef {object} Place
 * @property {number | string | null} conversation a string until it has been created
 * @property {number | null} message to jump to
 * @property {boolean} details whether the pane beside it is open
 */

/** @returns {Place} */
const read = () => {
  const [, conversation, message] = /^#\/c\/(\d+)(?:\/m\/(\d+))?/.exec(location.hash) ?? [];
  const [, begun] = /^#\/new\/(\w+)/.exec(location.hash) ?? [];
  return {
    conversation: begun ?? (conversation ? Number(conversation) : null),
    message: message ? Number(message) : null,
    details: location.hash.endsWith('/details'),
  };
};

export const place = signal(read());
addEventListener('hashchange', () => {
  place.value = read();
});

/**
 * The address of a conversation, of a message in it, or of its details.
 * @param {number | string} conversation
 * @param {{ message?: number, details?: boolean }} [which]
 */
export const addressOf = (conversation, { message, details } = {}) =>
  `#/${typeof conversation == 'string' ? 'new' : 'c'}/${conversation}${message ? `/m/${message}` : ''}${details ? '/details' : ''}`;

/**
 * Have this for the address of where one is.
 * @param {string} address
 */
export const readdress = (address) => {
  history.replaceState(null, '', address);
  place.value = read();
};

/**
 * Go there.
 * @param {string} address
 */
export const go = (address) => {
  if (location.hash == address) place.value = read();
  else location.hash = address;
};
