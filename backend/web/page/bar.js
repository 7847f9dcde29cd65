/** The bar over the page: no connection and when it is tried again, or what went wrong. */

import { html, useEffect, useState } from '../vendor/preact.js';
import { chat, status, trouble } from './chat.js';
import { t } from './texts.js';

const SOON = 700; // milliseconds a gap may last before it is spoken of

export const Bar = () => {
  const now = status.value;
  const [, tick] = useState(0);
  const [isSlow, setSlow] = useState(false);
  const isDown = now.state != 'live';
  useEffect(() => {
    setSlow(false);
    if (!isDown) return undefined;
    const soon = setTimeout(() => setSlow(true), SOON);
    const each = setInterval(() => tick(Date.now()), 500);
    return () => {
      clearTimeout(soon);
      clearInterval(each);
    };
  }, [isDown]);

  if (isDown && isSlow) {
    return html`
      <div class="bar" role="status">
        <span>${said(now)}</span>
        ${['waiting', 'stopped'].includes(now.state) && html`<button type="button" class="link" onClick=${() => chat.connect()}>${t.retryNow}</button>`}
      </div>
    `;
  }
  return trouble.value && html`
    <div class="bar" role="alert">
      <span>${trouble.value}</span>
      <button type="button" class="link" onClick=${() => { trouble.value = ''; }}>${t.close}</button>
    </div>
  `;
};

/** @param {import('../sdk/parley.js').Status} now */
const said = (now) => {
  if (now.state == 'waiting') {
    if (!navigator.onLine) return t.offline;
    return t.retryIn(Math.max(0, Math.ceil((now.retryAt - Date.now()) / 1000)));
  }
  if (now.state == 'stopped') return t.stopped(now.why == 'replaced' ? t.elsewhere : now.why);
  return now.state == 'catching_up' ? t.catchingUp : t.connecting;
};
