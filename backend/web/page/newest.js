/** The way back to the newest message, for who reads something older. */

import { html, useLayoutEffect, useState } from '../vendor/preact.js';
import { view } from './chat.js';
import { t } from './texts.js';

/** @import { ConversationStore } from '../sdk/parley.js' */
/** @import { Anchor } from './scrolling.js' */
/** @import { Stretch } from './stretch.js' */

/**
 * Gives whether one reads something older, what is to be called when one has moved, and the way back,
 * which is also gone when one writes something.
 * @param {ConversationStore} handle
 * @param {{ anchor: Anchor, stretch: Stretch, moreAfter: boolean, written: number }} where
 */
export const useNewest = (handle, { anchor, stretch, moreAfter, written }) => {
  const [isBelow, setBelow] = useState(false);
  const show = async () => {
    if (moreAfter) await handle.jumpTo(null).catch(() => {});
    stretch.endAt(null);
    anchor.stick();
    setBelow(false);
  };
  useLayoutEffect(() => {
    if (written) show();
  }, [written]);
  return { isBelow, show, look: () => setBelow(!anchor.isAtEnd) };
};

/** @param {{ id: number | string, go: () => void }} props */
export const Newest = ({ id, go }) => {
  const unread = view(id).value.conversation?.me.unread_count ?? 0;
  return html`
    <button type="button" class="button pill" onClick=${go}>${unread ? t.newBelow(unread) : t.toNewest}</button>
  `;
};
