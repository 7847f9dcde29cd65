/** Times in the words of the page's language; all are Unix seconds. */

import { t } from './texts.js';

/** The page's language as it is spoken where one is. */
const tag = globalThis.navigator?.languages?.find((each) => each.split('-')[0] == t.tag) ?? t.tag;

/** @type {(options: Intl.DateTimeFormatOptions) => (seconds: number) => string} */
const made = (options) => {
  /** @type {Intl.DateTimeFormat | undefined} */
  let format;
  return (seconds) => (format ??= new Intl.DateTimeFormat(tag, options)).format(seconds * 1000);
};

export const clock = made({ hour: 'numeric', minute: '2-digit' });
const weekday = made({ weekday: 'short' });
const shortDay = made({ day: 'numeric', month: 'short' });
const longDay = made({ weekday: 'long', day: 'numeric', month: 'long' });
const withYear = made({ day: 'numeric', month: 'long', year: 'numeric' });
export const full = made({ dateStyle: 'medium', timeStyle: 'short' });

// a browser's first one takes 25 ms to make: while the server is asked, not when there is a list
setTimeout(() => clock(0));

/**
 * The number of a local day; a day later is one more.
 * @param {number} seconds
 */
export const dayOf = (seconds) => {
  const date = new Date(seconds * 1000);
  return Math.round(Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) / 86_400_000);
};

const today = () => dayOf(Date.now() / 1000);

/**
 * For a list: the time today, the weekday within a week, else the day.
 * @param {number} seconds
 */
export const brief = (seconds) => {
  const ago = today() - dayOf(seconds);
  if (ago <= 0) return clock(seconds);
  return ago < 7 ? weekday(seconds) : shortDay(seconds);
};

/**
 * For a line between days.
 * @param {number} seconds
 */
export const dayName = (seconds) => {
  const ago = today() - dayOf(seconds);
  if (ago == 0) return t.today;
  if (ago == 1) return t.yesterday;
  return ago < 300 ? longDay(seconds) : withYear(seconds);
};
