/** The list of frames, with the ruler of `at` beside it. */

/** @import { ReadonlySignal, Signal } from '../vendor/preact.js' */
/** @import { Fold } from './rows.js' */
/** @import { Entry } from './tape.js' */

import { h, html, useLayoutEffect, useRef, useState } from '../vendor/preact.js';
import { clockTime, rowsOf, summary, took } from './rows.js';

const SHOWN = 300;
const ARROWS = { in: '←', out: '→', open: '●', close: '○', fault: '✕' };
const SPOKEN = { in: 'received', out: 'sent', open: 'opened', close: 'closed', fault: 'fault' };

/** @typedef {{ entry: Entry, chosen: Entry | null, choose: (entry: Entry) => void }} RowProps */

/** @param {{ entries: ReadonlySignal<readonly Entry[]>, chosen: Signal<Entry | null>, title: string }} props */
export const Frames = ({ entries, chosen, title }) => {
  const [filter, setFilter] = useState('');
  const [shown, setShown] = useState(SHOWN);
  const list = useRef(/** @type {HTMLOListElement | null} */ (null));
  const isAtEnd = useRef(true);
  useLayoutEffect(() => {
    if (isAtEnd.current && list.current) list.current.scrollTop = list.current.scrollHeight;
  });
  const found = entries.value.filter(({ text }) => text.includes(filter));
  const rows = filter ? found : rowsOf(found);
  const choose = (/** @type {Entry} */ entry) => {
    chosen.value = entry;
  };
  return html`
    <div class="frames">
      <label class="quiet" for=${`filter-${title}`}>Show frames that contain</label>
      <input id=${`filter-${title}`} class="field filter" placeholder="Filter" value=${filter}
        onInput=${(/** @type {any} */ event) => setFilter(event.currentTarget.value)} />
      <ol ref=${list} aria-label=${`Frames of ${title}`} tabindex="0" onKeyDown=${move}
        onScroll=${() => { isAtEnd.current = atEnd(list.current); }}>
        ${rows.length > shown && html`
          <li><button class="link" onClick=${() => setShown(shown + SHOWN)}>Show earlier frames</button></li>
        `}
        ${rows.slice(-shown).map((row) =>
          'entries' in row
            ? h(Folded, { key: `f${row.id}`, fold: row, chosen: chosen.value, choose })
            : h(Row, { key: row.id, entry: row, chosen: chosen.value, choose }),
        )}
      </ol>
    </div>
  `;
};

/** @param {HTMLElement | null} box */
const atEnd = (box) => !box || box.scrollHeight - box.scrollTop - box.clientHeight < 30;

/** @param {KeyboardEvent} event */
const move = (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step || !(event.currentTarget instanceof Element)) return;
  event.preventDefault();
  const rows = [...event.currentTarget.querySelectorAll('button')];
  rows[rows.findIndex((each) => each === document.activeElement) + step]?.focus();
};

/** @param {RowProps} props */
const Row = ({ entry, chosen, choose }) => {
  const { direction, frame, kind, text, time } = entry;
  const ms = took(entry);
  const kindShown = frame ? kind : '';
  return html`
    <li class=${`frame ${direction} ${kind}`} data-mate=${!!chosen && entry.mate === chosen}>
      ${h(Mark, { entry })}
      <button aria-pressed=${entry === chosen} onClick=${() => choose(entry)}>
        <time>${clockTime(time)}</time>
        <span class="arrow" aria-label=${SPOKEN[direction]} role="img">${ARROWS[direction]}</span>
        <span class="what cut"><b>${frame?.type ?? (direction == 'out' ? 'no frame' : text)}</b> <span class="soft">${summary(entry)}</span></span>
        <span class="pair">${frame?.ref !== undefined && `ref ${frame.ref}`}${ms != null && html` <b>${ms} ms</b>`}</span>
        <span class="kind">${kindShown}</span>
      </button>
    </li>
  `;
};

/** The place on the ruler: an event moves it, a read only tells where it was. @param {{ entry: Entry }} props */
const Mark = ({ entry: { frame, step, kind, direction } }) => {
  const at = direction == 'in' ? (frame?.at ?? frame?.data?.at) : null;
  if (at == null) return html`<span class="mark"></span>`;
  const again = step != null && step <= 0;
  const title = again ? 'not past the event before' : step ? `${step} past the event before` : 'the place it was read at';
  return html`
    <span class=${`mark ${kind} ${again ? 'again' : ''}`} title=${title}>
      ${step != null && step != 1 && html`<small>${again ? 'again' : `+${step}`}</small>`}${at}
    </span>
  `;
};

/** @param {{ fold: Fold, chosen: Entry | null, choose: (entry: Entry) => void }} props */
const Folded = ({ fold: { entries, isComplete }, chosen, choose }) => {
  const [isOpen, setOpen] = useState(false);
  const [first, last] = [entries[0], entries.at(-1)];
  if (!first || !last) return null;
  const count = entries.filter(({ kind }) => kind == 'durable').length;
  return html`
    <li class="frame fold session">
      <span class="mark session">${last.frame?.at ?? first.frame?.data?.at}</span>
      <button aria-expanded=${isOpen} onClick=${() => setOpen(!isOpen)}>
        <time>${clockTime(first.time)}</time>
        <span class="arrow" aria-hidden="true">${isOpen ? '▾' : '▸'}</span>
        <span class="what cut"><b>${isComplete ? 'resume … resumed' : 'resume …'}</b>
          <span class="soft"> ${summary(first)}, ${count} ${count == 1 ? 'event' : 'events'} missed</span></span>
        <span class="pair"><b>${last.time - first.time} ms</b></span>
        <span class="kind">session</span>
      </button>
    </li>
    ${isOpen && entries.map((entry) => h(Row, { key: entry.id, entry, chosen, choose }))}
  `;
};
