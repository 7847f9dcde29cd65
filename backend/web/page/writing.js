/** The text being written, where the caret is in it, and whom it is about to mention. */

import { useLayoutEffect, useRef, useState } from '../vendor/preact.js';
import { drafts } from './drafts.js';
import { completed, mentionAt } from './mentions.js';

/**
 * @param {number} id a conversation
 * @param {readonly string[]} members who may be mentioned
 */
export const useWriting = (id, members) => {
  const area = useRef(/** @type {HTMLTextAreaElement | null} */ (null));
  const [text, setText] = useState(drafts.peek()[id] ?? '');
  const [caret, setCaret] = useState(0);
  const [chosen, choose] = useState(0); // of those who may be meant
  const names = mentionAt(text, caret, members);

  // as high as the text
  useLayoutEffect(() => {
    const element = area.current;
    if (!element) return;
    element.style.height = '0';
    element.style.height = `${element.scrollHeight}px`;
  }, [text]);

  const read = () => {
    setText(area.current?.value ?? '');
    setCaret(area.current?.selectionStart ?? 0);
    choose(0);
  };
  /**
   * @param {string} next
   * @param {number} [at] where the caret goes
   */
  const write = (next, at = next.length) => {
    setText(next);
    setCaret(at);
    choose(0);
    requestAnimationFrame(() => area.current?.setSelectionRange(at, at));
  };
  /** @param {string} piece */
  const insert = (piece) => {
    const { selectionStart: from = text.length, selectionEnd: to = from } = area.current ?? {};
    write(text.slice(0, from) + piece + text.slice(to), from + piece.length);
    area.current?.focus();
  };
  /** @param {string} username */
  const complete = (username) => {
    write(...completed(text, caret, username));
    area.current?.focus();
  };
  const moved = () => setCaret(area.current?.selectionStart ?? 0);
  /** @param {number} step */
  const step = (step) => choose((chosen + step + names.length) % names.length);
  return { area, text, names, chosen, read, write, insert, complete, moved, step };
};
