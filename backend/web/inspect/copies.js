/** A request to take elsewhere: copied, and shown in case that is not possible. */

import { html, useState } from '../vendor/preact.js';
import { asSdk, asWscat, copy } from './copying.js';

/** @param {{ frame: Record<string, unknown> }} props */
export const Copies = ({ frame }) => {
  const [told, setTold] = useState({ text: '', isCopied: false });
  const take = async (/** @type {string} */ text) => setTold({ text, isCopied: await copy(text) });
  return html`
    <div class="row copies">
      <button type="button" class="button plain" onClick=${() => take(asWscat(frame))}>Copy as wscat</button>
      <button type="button" class="button plain" onClick=${() => take(asSdk(frame))}>Copy as SDK</button>
    </div>
    <p class="small soft" role="status">${told.text && (told.isCopied ? 'Copied:' : 'To copy by hand:')}</p>
    ${told.text && html`<pre class="copied" tabindex="0">${told.text}</pre>`}
  `;
};
