/** Opening a conversation: where one begins to read, and what counts as new. */

import { useEffect, useRef, useState } from '../vendor/preact.js';
import { chat, view } from './chat.js';

const BELOW = 40; // messages drawn below the one that is gone to

/**
 * Load what is to be read first, and go there: to the message asked for, or to the first unread one.
 *
 * `isPlaced` says whether that was done: before it, nothing on the screen counts as read.
 * @param {number | string} id
 * @param {number | null} target
 * @param {{ placed: (to: number | null, upTo: number | null) => void }} hooks `upTo`: the last to draw
 */
export const useOpening = (id, target, { placed }) => {
  const isPlaced = useRef(false);
  const [fresh, setFresh] = useState(/** @type {number | null} */ (null));
  useEffect(() => {
    let isOver = false;
    const open = async () => {
      const handle = chat.conversation(id);
      if (!view(id).peek().isLoaded) await handle.loadBefore();
      if (typeof id == 'number') chat.request('get_conversation_info', { id }).catch(() => {});
      const unread = view(id).peek().conversation?.me.first_unread_id ?? null;
      if (isOver) return;
      setFresh(unread);
      const to = target ?? unread;
      if (to != null) await handle.jumpTo(to);
      if (isOver) return;
      isPlaced.current = true;
      const all = view(id).peek().messages;
      placed(to, to && (all[all.findIndex((each) => each.id >= to) + BELOW]?.id ?? null));
    };
    open().catch(() => {});
    return () => {
      isOver = true;
    };
  }, [id, target]);
  return { fresh, isPlaced };
};
