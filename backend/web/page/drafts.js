/** What was written and not sent, by conversation. */

import { signal } from '../vendor/preact.js';
import { keep, kept } from './keeping.js';

export const drafts = signal(/** @type {Record<number | string, string>} */ (kept('drafts', {})));

/**
 * Keep what is written; empty lets go of it.
 * @param {number | string} conversation
 * @param {string} text
 */
export const keepDraft = (conversation, text) => {
  if (text == (drafts.peek()[conversation] ?? '')) return;
  const { [conversation]: _, ...rest } = drafts.value;
  drafts.value = text.trim() ? { ...rest, [conversation]: text } : rest;
  keep('drafts', drafts.value);
};
