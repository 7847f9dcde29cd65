/** The emoji used last, and the few to offer at once. */

import { signal } from '../vendor/preact.js';
import { keep, kept } from './keeping.js';

const COMMON = ['👍', '❤️', '😂', '🎉', '😮', '😢'];

export const recent = signal(/** @type {string[]} */ (kept('emoji', [])));

/** The six to offer at once. */
export const quick = () => [...new Set([...recent.value, ...COMMON])].slice(0, 6);

/** @param {string} emoji */
export const used = (emoji) => {
  recent.value = [...new Set([emoji, ...recent.value])].slice(0, 6);
  keep('emoji', recent.value);
};
