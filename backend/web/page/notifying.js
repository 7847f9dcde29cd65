/** Notifications of the system, for messages that come while the page is hidden. */

import { signal } from '../vendor/preact.js';
import { at } from './base.js';
import { keep, kept } from './keeping.js';
import { addressOf, go } from './route.js';

export const isWanted = signal(kept('notify', false));
export const isPossible = 'Notification' in globalThis;

/**
 * Ask to be told, or no longer; gives whether one is.
 * @param {boolean} wanted
 */
export const wantNotifications = async (wanted) => {
  const allowed = wanted && isPossible && (await Notification.requestPermission()) == 'granted';
  isWanted.value = allowed;
  keep('notify', allowed);
  return allowed;
};

/**
 * Tell of a message, once per conversation at a time.
 * @param {number} conversation
 * @param {string} title
 * @param {string} body
 */
export const notify = (conversation, title, body) => {
  if (!isWanted.peek() || !document.hidden || Notification.permission != 'granted') return;
  const shown = new Notification(title, { body, tag: `c${conversation}`, icon: at('/web/image/icon.svg') });
  shown.onclick = () => {
    window.focus();
    go(addressOf(conversation));
    shown.close();
  };
};
