/**
 * The messages of a conversation, of which at most 100 are elements at any time. What one reads
 * stays where it is on the screen while others come and go around it.
 */

import { h, html, useLayoutEffect, useMemo, useRef, useState } from '../vendor/preact.js';
import { chat, view } from './chat.js';
import { useEdges } from './edges.js';
import { openActions } from './message.js';
import { useOpening } from './opening.js';
import { useReading } from './reading.js';
import { rowsOf } from './rows.js';
import { Anchor } from './scrolling.js';
import { Slot } from './slot.js';
import { useStretch } from './stretch.js';
import { t } from './texts.js';
import { focused, walk } from './walking.js';

/** @param {{ id: number, target: number | null }} props */
export const Timeline = ({ id, target }) => {
  const handle = chat.conversation(id);
  const { conversation, messages, queued, isLoaded, moreAfter } = view(id).value;
  const [below, setBelow] = useState(false); // whether one reads something older
  const box = useRef(/** @type {HTMLDivElement | null} */ (null));
  const anchor = useMemo(() => new Anchor(), [id]);
  const stretch = useStretch(messages, moreAfter);
  const { first, last, endAt } = stretch;
  const { fresh, isPlaced } = useOpening(id, target, {
    placed(to, upTo) {
      if (to == null) return read();
      endAt(upTo);
      anchor.seek(to);
    },
  });
  const isAtNewest = last == messages.length && !moreAfter;
  const rows = useMemo(
    () => rowsOf(messages.slice(first, last), isAtNewest ? queued : [], fresh, messages[first - 1]),
    [messages, first, last, isAtNewest, queued, fresh],
  );

  const read = useReading(handle, anchor, { isPlaced, isAtNewest });
  const reach = useEdges(handle, { box, isPlaced, view: view(id).value, stretch });

  const scrolled = () => {
    anchor.note(isAtNewest);
    setBelow(!anchor.isAtEnd);
    reach();
    read();
  };

  useLayoutEffect(() => anchor.watch(box.current), [anchor]);
  useLayoutEffect(() => anchor.settle(isAtNewest));

  // Of one's own that was just written the newest are shown.
  const written = queued.length;
  useLayoutEffect(() => {
    if (written) newest();
  }, [written]);

  const newest = async () => {
    if (moreAfter) await handle.jumpTo(null).catch(() => {});
    endAt(null);
    anchor.stick();
    setBelow(false);
  };

  /** @param {KeyboardEvent & { currentTarget: Element }} event */
  const keyed = (event) => {
    if (walk(event.key, event.currentTarget)) return event.preventDefault();
    const at = event.key == 'Enter' && focused();
    const message = at && messages.find((each) => String(each.id) == at.getAttribute('data-id'));
    if (message && !message.deleted_at) openActions(at.querySelector('.bubble') ?? at, message);
  };

  const isGroup = conversation?.kind == 'group';
  const unread = conversation?.me.unread_count ?? 0;
  return html`
    <div class="stage">
      <div class="timeline" ref=${box} tabindex="0" role="log" aria-live="off" aria-label=${t.messages} onScroll=${scrolled} onKeyDown=${keyed}>
        <div class="inner">
          ${isLoaded && !rows.length && html`<p class="empty">${t.noMessages}</p>`}
          ${!isLoaded && html`<p class="empty">${t.loading}</p>`}
          ${rows.map((row) => h(Slot, { key: row.key, row, isGroup, target }))}
        </div>
      </div>
      ${(below || !isAtNewest) && html`
        <button type="button" class="button pill" onClick=${newest}>${unread ? t.newBelow(unread) : t.toNewest}</button>
      `}
    </div>
  `;
};
