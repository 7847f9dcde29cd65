/** One frame: what it says, what it answers, and what it did to the state. */

/** @import { Signal } from '../vendor/preact.js' */
/** @import { Difference } from './compare.js' */
/** @import { Entry } from './tape.js' */

import { h, html, useState } from '../vendor/preact.js';
import { differences } from './compare.js';
import { Copies } from './copies.js';
import { plain } from './life.js';
import { took } from './rows.js';

const VIEWS = /** @type {const} */ (['Frame', 'Changes', 'Before', 'After']);

/**
 * @param {{ title: string, chosen: Signal<Entry | null>, again?: ((frame: Record<string, unknown>) => void) | undefined }} props
 */
export const Detail = ({ title, chosen, again }) => {
  const [view, setView] = useState(/** @type {typeof VIEWS[number]} */ ('Frame'));
  const entry = chosen.value;
  if (!entry) return html`<p class="detail empty soft">Choose a frame to see what it says and what it does.</p>`;
  return html`
    <section class="detail" aria-label=${`The chosen frame of ${title}`}>
      <div class="row tabs" role="group" aria-label="What of it is shown">
        ${VIEWS.map((each) => html`
          <button class="tab" aria-pressed=${each == view} onClick=${() => setView(each)}>${each}</button>
        `)}
        <span class="grow"></span>
        <button class="icon" aria-label="Close" onClick=${() => { chosen.value = null; }}>✕</button>
      </div>
      <div class="shown" tabindex="0" role="group" aria-label=${view}>
        ${view == 'Frame' && h(Said, { entry, again })}
        ${view == 'Changes' && h(Differences, {
          found: differences(plain(entry.before), plain(entry.after)),
          titles: ['before', 'after'],
          none: 'It changed nothing.',
        })}
        ${view == 'Before' && html`<pre>${pretty(plain(entry.before))}</pre>`}
        ${view == 'After' && html`<pre>${pretty(plain(entry.after))}</pre>`}
      </div>
    </section>
  `;
};

/** @param {{ entry: Entry, again: ((frame: Record<string, unknown>) => void) | undefined }} props */
const Said = ({ entry, again }) => {
  const { mate, frame, text, direction } = entry;
  const asked = direction == 'out' ? frame : (mate?.frame ?? null);
  return html`
    ${frame ? html`<pre>${pretty(frame)}</pre>` : html`<pre>${text}</pre>`}
    ${mate && html`
      <h3>${direction == 'out' ? 'Reply' : 'Request'}, ${took(entry)} ms ${direction == 'out' ? 'later' : 'before'}</h3>
      <pre>${pretty(mate.frame)}</pre>
    `}
    ${asked && h(Copies, { frame: asked })}
    ${asked && again && html`<button class="button plain" onClick=${() => again(asked)}>Edit and send again</button>`}
  `;
};

/**
 * Where two states differ; `titles` say which they are.
 * @param {{ found: readonly Difference[], titles: readonly [string, string], none: string }} props
 */
export const Differences = ({ found, titles, none }) => {
  if (!found.length) return html`<p class="soft">${none}</p>`;
  return html`
    <ul class="differences">
      ${found.map(({ path, before, after }) => html`
        <li>
          <b>${path}</b>
          <dl>
            <dt>${titles[0]}</dt><dd>${shown(before)}</dd>
            <dt>${titles[1]}</dt><dd>${shown(after)}</dd>
          </dl>
        </li>
      `)}
    </ul>
  `;
};

/** @param {unknown} thing */
const shown = (thing) => (thing === undefined ? html`<i class="soft">nothing</i>` : JSON.stringify(thing));

/** @param {unknown} thing */
const pretty = (thing) => JSON.stringify(thing, null, 2);
