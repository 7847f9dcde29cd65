/** Going through the messages of a timeline by keyboard. */

const STEPS = /** @type {Record<string, number>} */ ({ ArrowUp: -1, ArrowDown: 1 });

/** The message the keyboard is at, or within. */
const current = () => document.activeElement?.closest('.message') ?? null;

/**
 * Go to the message above or below; from outside, to the last. Gives whether the key meant that.
 * @param {string} key
 * @param {Element} box
 */
export const walk = (key, box) => {
  const step = STEPS[key];
  if (!step) return false;
  const all = [...box.querySelectorAll('.message')];
  const now = current();
  const next = all[now ? Math.max(0, all.indexOf(now) + step) : all.length - 1];
  if (next instanceof HTMLElement) next.focus();
  return next instanceof HTMLElement;
};

/** The message that has the keyboard itself, not something in it. */
export const focused = () => (current() == document.activeElement ? current() : null);
