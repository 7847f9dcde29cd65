/** Going through the messages of a timeline by keyboard. */

import { openActions } from './actions.js';

/** @import { Message } from '../sdk/parley.js' */

const STEPS = /** @type {Record<string, number>} */ ({ ArrowUp: -1, ArrowDown: 1 });

/** The message the keyboard is at, or within. */
const current = () => document.activeElement?.closest('.message') ?? null;

/**
 * Go to the message above or below; from outside, to the last. Gives whether the key meant that.
 * @param {string} key
 * @param {Element} box
 */
const walk = (key, box) => {
  const step = STEPS[key];
  if (!step) return false;
  const all = [...box.querySelectorAll('.message')];
  const now = current();
  const next = all[now ? Math.max(0, all.indexOf(now) + step) : all.length - 1];
  if (next instanceof HTMLElement) next.focus();
  return next instanceof HTMLElement;
};

/** The message that has the keyboard itself, not something in it. */
const focused = () => (current() == document.activeElement ? current() : null);

/**
 * Take a key: arrows walk, Enter opens what can be done with a message.
 * @param {KeyboardEvent & { currentTarget: Element }} event
 * @param {readonly Message[]} messages
 */
export const pressed = (event, messages) => {
  if (walk(event.key, event.currentTarget)) return event.preventDefault();
  const at = event.key == 'Enter' && focused();
  const message = at && messages.find((each) => String(each.id) == at.getAttribute('data-id'));
  if (message && !message.deleted_at) openActions(at.querySelector('.bubble') ?? at, message);
};
