/** Coming near to an edge of what is drawn: what is next to it is drawn, or loaded. */

import { useEffect, useRef } from '../vendor/preact.js';
import { isNear } from './stretch.js';

/** @import { ConversationSnapshot, ConversationStore } from '../sdk/parley.js' */
/** @import { Stretch } from './stretch.js' */

const AHEAD = 100; // messages that are loaded before one comes to them

/**
 * Gives what is to be called when one has moved.
 * @param {ConversationStore} handle
 * @param {{ box: { current: Element | null }, isPlaced: { current: boolean }, view: ConversationSnapshot, stretch: Stretch }} where
 */
export const useEdges = (handle, { box, isPlaced, view, stretch }) => {
  const { messages, isLoaded, moreBefore, moreAfter } = view;
  const { first, last, older, newer } = stretch;
  const isLoading = useRef(false);
  const reach = useRef(() => {}); // as of the newest drawing, also for who waited meanwhile

  const load = async (/** @type {() => Promise<void>} */ work) => {
    if (isLoading.current) return;
    isLoading.current = true;
    await work().catch(() => {});
    isLoading.current = false;
    requestAnimationFrame(() => reach.current());
  };
  reach.current = () => {
    const element = box.current;
    if (!element || !isPlaced.current) return;
    const fromEnd = element.scrollHeight - element.scrollTop - element.clientHeight;
    if (isNear(element.scrollTop)) {
      if (first > 0) older(element.scrollTop);
      if (first < AHEAD && moreBefore && isLoaded) load(handle.loadBefore);
    } else if (isNear(fromEnd)) {
      if (last < messages.length || moreAfter) newer(fromEnd);
      if (messages.length - last < AHEAD && moreAfter) load(handle.loadAfter);
    }
  };
  useEffect(() => reach.current(), [first, last, messages.length]);
  return () => reach.current();
};
