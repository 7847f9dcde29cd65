/** What is on the screen of somebody who looks at it counts as read. */

import { useEffect } from '../vendor/preact.js';

/** @import { ConversationStore } from '../sdk/parley.js' */
/** @import { Anchor } from './scrolling.js' */

/**
 * Gives what is to be called when one has moved; coming back to the page counts by itself.
 * @param {ConversationStore} handle
 * @param {Anchor} anchor
 * @param {{ isPlaced: { current: boolean }, isAtNewest: boolean }} where
 */
export const useReading = (handle, anchor, { isPlaced, isAtNewest }) => {
  const read = () => {
    if (!isPlaced.current || document.visibilityState != 'visible' || !document.hasFocus()) return;
    const seen = anchor.isAtEnd ? undefined : anchor.lastSeen();
    if (anchor.isAtEnd ? isAtNewest : seen) handle.markRead(seen).catch(() => {});
  };
  useEffect(() => {
    read();
    addEventListener('focus', read);
    return () => removeEventListener('focus', read);
  });
  return read;
};
