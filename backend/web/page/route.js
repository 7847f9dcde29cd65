/** Where one is, as it stands in the address, so that back and reload work. */

import { signal } from '../vendor/preact.js';

/**
 * @typedef {object} Place
 * @property {number | null} conversation
 * @property {number | null} message to jump to
 * @property {boolean} details whether the pane beside it is open
 */

/** @returns {Place} */
const read = () => {
  const [, conversation, message] = /^#\/c\/(\d+)(?:\/m\/(\d+))?/.exec(location.hash) ?? [];
  return {
    conversation: conversation ? Number(conversation) : null,
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
 * @param {number} conversation
 * @param {{ message?: number, details?: boolean }} [which]
 */
export const addressOf = (conversation, { message, details } = {}) =>
  `#/c/${conversation}${message ? `/m/${message}` : ''}${details ? '/details' : ''}`;

/**
 * Go there.
 * @param {string} address
 */
export const go = (address) => {
  if (location.hash == address) place.value = read();
  else location.hash = address;
};
