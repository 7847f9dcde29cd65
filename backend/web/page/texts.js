/** Every text of the page in the language of who sees it; a language is a file beside this one. */

import { en } from './english.js';
import { de } from './german.js';

/** @import { Texts } from './english.js' */

/**
 * English as if it were written from right to left, to see that the page can be: the pseudo
 * language `ar-XB`, which browsers know by that name.
 * @type {Texts}
 */
const mirrored = { ...en, tag: 'ar-XB', dir: 'rtl' };

/** @type {Record<string, Texts>} */
const LANGUAGES = { en, de, 'ar-XB': mirrored };

/**
 * The texts of the first wanted language there is, else English.
 * @param {readonly string[]} wanted
 * @returns {Texts}
 */
export const pick = (wanted) => {
  for (const tag of wanted) {
    const found = LANGUAGES[tag] ?? LANGUAGES[tag.split('-')[0] ?? ''];
    if (found) return found;
  }
  return en;
};

/** The page's language, chosen once. */
export const t = pick(globalThis.navigator?.languages ?? []);
