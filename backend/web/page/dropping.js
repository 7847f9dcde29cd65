/** Files that are dropped on the page, or pasted. */

import { useEffect, useState } from '../vendor/preact.js';

const MOVES = /** @type {const} */ (['dragover', 'dragleave', 'drop']);

/**
 * Take files that are dropped anywhere; gives whether some are held over the page now.
 * @param {(files: FileList) => void} take
 */
export const useDropped = (take) => {
  const [isOver, setOver] = useState(false);
  useEffect(() => {
    /** @param {DragEvent} event */
    const moved = (event) => {
      if (!event.dataTransfer?.types.includes('Files')) return;
      event.preventDefault();
      setOver(event.type == 'dragover');
      if (event.type == 'drop') take(event.dataTransfer.files);
    };
    for (const name of MOVES) document.addEventListener(name, moved);
    return () => {
      for (const name of MOVES) document.removeEventListener(name, moved);
    };
  }, []);
  return isOver;
};

/**
 * Take files that are pasted; a text is left to where it is pasted.
 * @param {ClipboardEvent} event
 * @param {(files: FileList) => void} take
 */
export const takePasted = (event, take) => {
  const { files } = event.clipboardData ?? {};
  if (!files?.length) return;
  event.preventDefault();
  take(files);
};
