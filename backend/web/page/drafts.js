/** What was written and not sent, by conversation. */

import { signal, useEffect } from '../vendor/preact.js';
import { about } from './composing.js';
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

/**
 * Keep what is being written, but for what is written into an older message.
 * @param {number | string} conversation
 * @param {string} text
 */
export const useDraft = (conversation, text) =>
  useEffect(() => {
    if (about.peek()?.type != 'edit') keepDraft(conversation, text);
  }, [conversation, text]);
