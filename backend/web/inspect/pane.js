/** One identity, or one recording: its frames, the chosen one, and what can be done. */

/** @import { Status } from '../sdk/parley.js' */
/** @import { Entry } from './tape.js' */

import { h, html, useSignal } from '../vendor/preact.js';
import { Comparison } from './comparison.js';
import { Compose, draftOf, emptyDraft } from './compose.js';
import { Detail } from './detail.js';
import { Faults } from './faults.js';
import { Frames } from './frames.js';
import { recorded } from './recording.js';
import { Replay } from './replay.js';
import { Session } from './session.js';

/** @param {{ of: Session | Replay, leave: () => void }} props */
export const Pane = ({ of, leave }) => {
  const chosen = useSignal(/** @type {Entry | null} */ (null));
  const draft = useSignal(emptyDraft());
  const { tape, title } = of;
  const isSession = of instanceof Session;
  const again = (/** @type {Record<string, unknown>} */ frame) => {
    draft.value = draftOf(frame);
    if (isSession) of.learn().catch(() => {});
  };
  return html`
    <section class="pane" aria-label=${title}>
      <header class="row wrap">
        <h2>${title}</h2>
        ${isSession ? h(State, { session: of }) : h(Place, { replay: of })}
        <span class="grow"></span>
        <button class="button plain" onClick=${() => save(title, tape.entries.value)}>Record</button>
        <button class="button plain" onClick=${tape.clear}>Clear</button>
        <button class="button plain" onClick=${leave}>${isSession ? 'Sign out' : 'Close'}</button>
      </header>
      ${isSession && html`<div class="tools">${h(Comparison, { session: of })}${h(Faults, { session: of })}</div>`}
      <div class="both">
        ${h(Frames, { entries: tape.entries, chosen, title })}
        ${h(Detail, { title, chosen, again: isSession ? again : undefined })}
      </div>
      ${isSession && h(Compose, { session: of, draft })}
    </section>
  `;
};

/**
 * Save what passed as a file.
 * @param {string} title
 * @param {readonly Entry[]} entries
 */
const save = (title, entries) => {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([recorded(entries)], { type: 'application/jsonl' }));
  link.download = `${title.replace(/\.jsonl$/, '')}.jsonl`;
  link.click();
  URL.revokeObjectURL(link.href);
};

/** @param {{ session: Session }} props */
const State = ({ session: { status } }) => html`
  <span class=${`state ${status.value.state}`} role="status">${words(status.value)}</span>
`;

/** @param {Status} status */
const words = (status) => {
  if (status.state == 'waiting') return `waiting, after ${status.code}`;
  return status.state == 'stopped' ? `stopped: ${status.why}` : status.state.replace('_', ' ');
};

/** @param {{ replay: Replay }} props */
const Place = ({ replay }) => {
  const isOver = replay.place.value == replay.length;
  return html`
    <span class="state" role="status">${replay.place.value} of ${replay.length} lines</span>
    <button class="button plain" disabled=${isOver} onClick=${replay.step}>Step</button>
    <button class="button plain" disabled=${isOver} onClick=${replay.isPlaying.value ? replay.pause : replay.play}>
      ${replay.isPlaying.value ? 'Pause' : 'Play'}
    </button>
    <button class="button plain" disabled=${isOver} onClick=${replay.all}>To the end</button>
  `;
};
