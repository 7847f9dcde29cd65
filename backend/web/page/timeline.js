/**
 * The messages of a conversation, of which at most 100 are elements at any time. What one reads
 * stays where it is on the screen while others come and go around it.
 */

import { h, html, useLayoutEffect, useMemo, useRef } from '../vendor/preact.js';
import { chat, view } from './chat.js';
import { useEdges } from './edges.js';
import { Newest, useNewest } from './newest.js';
import { useOpening } from './opening.js';
import { useReading } from './reading.js';
import { rowsOf } from './rows.js';
import { Anchor } from './scrolling.js';
import { Slot } from './slot.js';
import { useStretch } from './stretch.js';
import { t } from './texts.js';
import { pressed } from './walking.js';

/** @import { Row } from './rows.js' */

/** @param {{ id: number | string, target: number | null }} props */
export const Timeline = ({ id, target }) => {
  const handle = chat.conversation(id);
  const { messages, queued, moreAfter } = view(id).value;
  const box = useRef(/** @type {HTMLDivElement | null} */ (null));
  const anchor = useMemo(() => new Anchor(), [id]);
  const stretch = useStretch(messages, moreAfter);
  const { first, last } = stretch;
  const { fresh, isPlaced } = useOpening(id, target, {
    placed(to, upTo) {
      if (to == null) return read();
      stretch.endAt(upTo);
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
  useLayoutEffect(() => anchor.watch(box.current), [anchor]);
  useLayoutEffect(() => anchor.settle(isAtNewest));
  const newest = useNewest(handle, { anchor, stretch, moreAfter, written: queued.length });

  const scrolled = () => {
    anchor.note(isAtNewest);
    newest.look();
    reach();
    read();
  };
  return html`
    <div class="stage">
      <div class="timeline" ref=${box} tabindex="0" role="log" aria-live="off" aria-label=${t.messages} onScroll=${scrolled}
        onKeyDown=${(/** @type {KeyboardEvent & { currentTarget: Element }} */ event) => pressed(event, messages)}>
        ${h(Rows, { id, rows, target })}
      </div>
      ${(newest.isBelow || !isAtNewest) && h(Newest, { id, go: newest.show })}
    </div>
  `;
};

/** @param {{ id: number | string, rows: readonly Row[], target: number | null }} props */
const Rows = ({ id, rows, target }) => {
  const { conversation, isLoaded } = view(id).value;
  const isGroup = conversation?.kind == 'group';
  const isThere = isLoaded || typeof id == 'string'; // of one that waits to be created there is no more
  return html`
    <div class="inner">
      ${!isThere && html`<p class="empty">${t.loading}</p>`}
      ${isThere && !rows.length && html`<p class="empty">${t.noMessages}</p>`}
      ${rows.map((row) => h(Slot, { key: row.key, row, isGroup, target }))}
    </div>
  `;
};
