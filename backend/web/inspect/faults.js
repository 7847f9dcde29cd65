/** Faults as buttons: what may happen to a connection, when one wants to see it. */

/** @import { Session } from './session.js' */

import { html, useState } from '../vendor/preact.js';

const REFUSALS = ['unavailable', 'internal_error', 'rate_limited', 'forbidden', 'not_found', 'conflict', 'too_large'];
const CODES = [1001, 1009, 4400, 4401, 4402, 4403, 4408, 4409, 4429];

/** @param {{ session: Session }} props */
export const Faults = ({ session: { wire, client, expire, isDev, refuse } }) => {
  const [isDoubling, setDoubling] = useState(false);
  const [seed, setSeed] = useState('');
  const [isSeeded, setSeeded] = useState(false);
  const [delay, setDelay] = useState('0');
  const [code, setCode] = useState('4408');
  const [refusal, setRefusal] = useState('unavailable');
  const [times, setTimes] = useState('1');
  const double = () => {
    wire.isDoubling = !isDoubling;
    setDoubling(!isDoubling);
  };
  const sow = () => {
    wire.seed(isSeeded ? null : Number(seed) || 0);
    setSeeded(!isSeeded);
  };
  /** @param {any} event */
  const late = ({ currentTarget: { value } }) => {
    wire.delay = Math.max(0, Number(value) || 0);
    setDelay(value);
  };
  const text = (/** @type {(text: string) => void} */ set) => (/** @type {any} */ event) => set(event.currentTarget.value);
  return html`
    <details class="faults">
      <summary>Faults</summary>
      <div class="row wrap">
        <button class="button plain" onClick=${wire.cut}>Cut</button>
        <button class="button plain" onClick=${wire.halfOpen}>Half-open</button>
        <button class="button plain" aria-pressed=${isDoubling} onClick=${double}>Double</button>
        <button class="button plain" onClick=${expire}>Expired token</button>
        <button class="button plain" onClick=${client.connect}>Connect</button>
        <button class="button plain" onClick=${client.disconnect}>Disconnect</button>
      </div>
      <div class="row wrap">
        <label>Delay, ms<input class="field" type="number" min="0" value=${delay} onInput=${late} /></label>
        <form class="row" onSubmit=${(/** @type {Event} */ event) => { event.preventDefault(); wire.close(Number(code)); }}>
          <label>Close code<input class="field" type="number" min="1000" max="4999" required list="codes" value=${code} onInput=${text(setCode)} /></label>
          <datalist id="codes">${CODES.map((each) => html`<option value=${String(each)}></option>`)}</datalist>
          <button class="button plain">Close</button>
        </form>
        <form class="row" onSubmit=${(/** @type {Event} */ event) => { event.preventDefault(); sow(); }}>
          <label>Seed<input class="field" type="number" disabled=${isSeeded} value=${seed} placeholder="0" onInput=${text(setSeed)} /></label>
          <button class="button plain" aria-pressed=${isSeeded}>Faults by seed</button>
        </form>
      </div>
      ${isDev.value && html`
        <form class="row wrap" onSubmit=${(/** @type {Event} */ event) => { event.preventDefault(); refuse(refusal, times); }}>
          <label>The server's error<select class="field" value=${refusal} onChange=${text(setRefusal)}>${REFUSALS.map((each) => html`<option>${each}</option>`)}</select></label>
          <label>Requests<input class="field" type="number" min="0" max="1000" value=${times} onInput=${text(setTimes)} /></label>
          <button class="button plain">Refuse the next</button>
        </form>`}
    </details>
  `;
};
