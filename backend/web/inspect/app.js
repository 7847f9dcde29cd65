/** The whole inspector: up to two identities or recordings side by side. */

import { h, html, signal } from '../vendor/preact.js';
import { Join } from './join.js';
import { Pane } from './pane.js';
import { lines } from './recording.js';
import { Replay } from './replay.js';
import { Session } from './session.js';

/** @typedef {{ id: number, of: Session | Replay | null }} Place null: nobody is logged in here yet */

const MOST = 2;
let count = 0;
const places = signal(/** @type {readonly Place[]} */ ([{ id: count, of: null }]));
const trouble = signal('');

/** @param {Session | Replay | null} of */
const add = (of) => {
  const taken = of ? places.value.filter((each) => each.of) : places.value;
  places.value = [...taken, { id: ++count, of }].slice(-MOST);
};

/**
 * @param {Place} place
 * @param {Session | Replay | null} of
 */
const put = (place, of) => {
  const change = places.value.map((each) => (each.id == place.id ? { id: ++count, of } : each));
  places.value = of || change.length == 1 ? change : change.filter((each) => each.of);
};

/** @param {any} event */
const open = async ({ currentTarget: input }) => {
  const [file] = input.files;
  if (!file) return;
  try {
    add(new Replay(file.name, lines(await file.text())));
    trouble.value = '';
  } catch (error) {
    trouble.value = `${file.name}: ${error instanceof Error ? error.message : error}`;
  }
  input.value = '';
};

export const App = () => {
  const isFull = places.value.filter(({ of }) => of).length == MOST;
  return html`
    <header class="top row wrap">
      <img src="web/image/icon.svg" alt="" width="24" height="24" />
      <h1>Inspector</h1>
      <span class="grow"></span>
      <p class="wrong" role="alert">${trouble.value}</p>
      <button class="button plain" disabled=${places.value.length == MOST} onClick=${() => add(null)}>Add an identity</button>
      <label class=${`button plain pick ${isFull ? 'off' : ''}`}>Open a recording
        <input class="quiet" type="file" accept=".jsonl" disabled=${isFull} onChange=${open} />
      </label>
    </header>
    <main class=${`places ${places.value.length > 1 ? 'two' : ''}`}>
      ${places.value.map((place) =>
        place.of
          ? h(Pane, { key: place.id, of: place.of, leave: () => place.of?.end().then(() => put(place, null)) })
          : h(Join, { key: place.id, joined: (session) => put(place, session) }),
      )}
    </main>
  `;
};
