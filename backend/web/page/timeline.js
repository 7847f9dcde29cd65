/**
 * The messages of a conversation, of which at most 100 are elements at any time. What one reads
 * stays where it is on the screen while others come and go around it.
 */

import { h, html, useEffect, useLayoutEffect, useMemo, useRef, useState } from '../vendor/preact.js';
import { chat, view } from './chat.js';
import { dayName } from './dates.js';
import { Message, Queued, openActions } from './message.js';
import { rowsOf } from './rows.js';
import { Anchor } from './scrolling.js';
import { t } from './texts.js';

/** @import { Row } from './rows.js' */
/** @import { VNode } from '../vendor/preact.js' */

const SHOWN = 100; // elements
const STEP = 40; // how many the window moves by
const NEAR = 900; // pixels from an edge at which it moves

/**
 * @param {Row} row
 * @param {boolean} isGroup
 * @param {number | null} flash
 * @returns {VNode}
 */
const drawn = (row, isGroup, flash) => {
  if (row.type == 'day') return html`<div class="day" role="separator">${dayName(row.at)}</div>`;
  if (row.type == 'fresh') return html`<div class="fresh" role="separator">${t.newMessages}</div>`;
  if (row.type == 'queued') return h(Queued, { item: row.item });
  const { message, continues } = row;
  return h(Message, { message, continues, isGroup, flash: message.id == flash });
};

/** @param {{ id: number, target: number | null }} props */
export const Timeline = ({ id, target }) => {
  const handle = chat.conversation(id);
  const { conversation, messages, queued, isLoaded, moreBefore, moreAfter } = view(id).value;
  const [fresh, setFresh] = useState(/** @type {number | null} */ (null));
  const [end, setEnd] = useState(/** @type {number | null} */ (null)); // the last message drawn; null: the newest
  const [below, setBelow] = useState(false); // whether one reads something older
  const busy = useRef(false);
  const isPlaced = useRef(false); // before that, nothing on the screen counts as read
  const box = useRef(/** @type {HTMLDivElement | null} */ (null));
  const anchor = useMemo(() => new Anchor(), [id]);

  const last = (end == null ? -1 : messages.findLastIndex((each) => each.id <= end)) + 1 || messages.length;
  const first = Math.max(0, last - SHOWN);
  const isAtNewest = last == messages.length && !moreAfter;
  const rows = useMemo(
    () => rowsOf(messages.slice(first, last), isAtNewest ? queued : [], fresh, messages[first - 1]),
    [messages, first, last, isAtNewest, queued, fresh],
  );

  // what was drawn of a row stays the same object while the row does, which Preact then skips
  const kept = useRef(/** @type {Map<string, { of: unknown, mark: string, as: VNode }>} */ (new Map()));
  const isGroup = conversation?.kind == 'group';
  const before = kept.current;
  kept.current = new Map();
  const elements = rows.map((row) => {
    const of = row.type == 'message' ? row.message : row.type == 'queued' ? row.item : row.key;
    const mark = row.type == 'message' ? `${row.continues} ${row.message.id == target} ${isGroup}` : '';
    const known = before.get(row.key);
    const isSame = known?.of === of && known.mark == mark;
    const as = isSame ? known.as : h('div', { key: row.key, 'data-key': row.key, class: 'slot' }, drawn(row, isGroup, target));
    kept.current.set(row.key, { of, mark, as });
    return as;
  });

  const read = () => {
    if (!isPlaced.current || document.visibilityState != 'visible' || !document.hasFocus()) return;
    const seen = anchor.isAtEnd ? undefined : anchor.lastSeen();
    if (anchor.isAtEnd ? isAtNewest : seen) handle.markRead(seen).catch(() => {});
  };

  const load = async (/** @type {() => Promise<void>} */ work) => {
    if (busy.current) return;
    busy.current = true;
    await work().catch(() => {});
    busy.current = false;
    requestAnimationFrame(() => reach.current());
  };

  /** Draw, or load, what is next to the edge one has come near to. */
  const reach = useRef(() => {});
  reach.current = () => {
    const element = box.current;
    if (!element || !isPlaced.current) return;
    const fromEnd = element.scrollHeight - element.scrollTop - element.clientHeight;
    if (element.scrollTop < NEAR) {
      if (first > 0) setEnd(messages[Math.max(SHOWN, last - STEP) - 1]?.id ?? null);
      else if (moreBefore && isLoaded) load(handle.loadBefore);
    } else if (fromEnd < NEAR) {
      if (last < messages.length) setEnd(messages[last + STEP - 1]?.id ?? (moreAfter ? (messages.at(-1)?.id ?? null) : null));
      else if (moreAfter) {
        if (end == null) setEnd(messages.at(-1)?.id ?? null); // what comes does not push away what is read
        load(handle.loadAfter);
      }
    }
  };
  useEffect(() => reach.current(), [first, last, messages.length]);

  const scrolled = () => {
    anchor.note(isAtNewest);
    setBelow(!anchor.isAtEnd);
    reach.current();
    read();
  };

  useLayoutEffect(() => anchor.watch(box.current), [anchor]);
  useLayoutEffect(() => anchor.settle(isAtNewest));

  // Opened: what was unread is marked, and where one is to be is gone to.
  useEffect(() => {
    let isOver = false;
    const open = async () => {
      if (!view(id).peek().isLoaded) await handle.loadBefore();
      chat.request('get_conversation_info', { id }).catch(() => {});
      const unread = view(id).peek().conversation?.me.first_unread_id ?? null;
      if (isOver) return;
      setFresh(unread);
      const to = target ?? unread;
      if (to != null) await handle.jumpTo(to);
      if (isOver) return;
      isPlaced.current = true;
      if (to == null) return read();
      const all = view(id).peek().messages;
      const after = all[all.findIndex((each) => each.id >= to) + STEP];
      setEnd(after?.id ?? null);
      anchor.seek(to);
    };
    open().catch(() => {});
    return () => {
      isOver = true;
    };
  }, [id, target]);

  // Of one's own that was just written the newest are shown.
  const written = queued.length;
  useLayoutEffect(() => {
    if (written) newest();
  }, [written]);

  useEffect(() => {
    read();
    addEventListener('focus', read);
    return () => removeEventListener('focus', read);
  });

  const newest = async () => {
    if (moreAfter) await handle.jumpTo(null).catch(() => {});
    setEnd(null);
    anchor.stick();
    setBelow(false);
  };

  /** @param {KeyboardEvent} event */
  const keyed = (event) => {
    const now = document.activeElement?.closest('.message');
    const all = [...(box.current?.querySelectorAll('.message') ?? [])];
    const at = now ? all.indexOf(now) : all.length;
    if (event.key == 'ArrowUp' || event.key == 'ArrowDown') {
      const next = all[event.key == 'ArrowUp' ? Math.max(0, at - 1) : at + 1];
      if (next instanceof HTMLElement) {
        event.preventDefault();
        next.focus();
      }
    } else if (event.key == 'Enter' && now && document.activeElement == now) {
      const message = messages.find((each) => String(each.id) == now.getAttribute('data-id'));
      if (message && !message.deleted_at) openActions(now.querySelector('.bubble') ?? now, message);
    }
  };

  const unread = conversation?.me.unread_count ?? 0;
  return html`
    <div class="stage">
      <div class="timeline" ref=${box} tabindex="0" role="log" aria-live="off" aria-label=${t.messages} onScroll=${scrolled} onKeyDown=${keyed}>
        <div class="inner">
          ${isLoaded && !rows.length && html`<p class="empty">${t.noMessages}</p>`}
          ${!isLoaded && html`<p class="empty">${t.loading}</p>`}
          ${elements}
        </div>
      </div>
      ${(below || !isAtNewest) && html`
        <button type="button" class="button pill" onClick=${newest}>${unread ? t.newBelow(unread) : t.toNewest}</button>
      `}
    </div>
  `;
};
