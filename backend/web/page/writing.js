/** The text being written, and where the caret is in it. */

import { useLayoutEffect, useRef, useState } from '../vendor/preact.js';
import { drafts } from './drafts.js';

/** @typedef {ReturnType<typeof useWriting>} Writing */

/** @param {number | string} id a conversation */
export const useWriting = (id) => {
  const area = useRef(/** @type {HTMLTextAreaElement | null} */ (null));
  const [text, setText] = useState(drafts.peek()[id] ?? '');
  const [caret, setCaret] = useState(0);

  // as high as the text
  useLayoutEffect(() => {
    const element = area.current;
    if (!element) return;
    element.style.height = '0';
    element.style.height = `${element.scrollHeight}px`;
  }, [text]);

  const moved = () => setCaret(area.current?.selectionStart ?? 0);
  const read = () => {
    setText(area.current?.value ?? '');
    moved();
  };
  /**
   * @param {string} next
   * @param {number} [at] where the caret goes
   */
  const write = (next, at = next.length) => {
    setText(next);
    setCaret(at);
    requestAnimationFrame(() => area.current?.setSelectionRange(at, at));
  };
  /** @param {string} piece */
  const insert = (piece) => {
    const { selectionStart: from = text.length, selectionEnd: to = from } = area.current ?? {};
    write(text.slice(0, from) + piece + text.slice(to), from + piece.length);
    area.current?.focus();
  };
  return { area, text, caret, read, write, insert, moved };
};
