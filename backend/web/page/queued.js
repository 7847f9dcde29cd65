/** A message that is on its way, or was refused. */

import { h, html } from '../vendor/preact.js';
import { chat } from './chat.js';
import { Formatted } from './formatted.js';
import { Icon } from './icons.js';
import { t } from './texts.js';

/** @import { OutboxItem } from '../sdk/parley.js' */

/** @param {{ item: OutboxItem }} props */
export const Queued = ({ item: { id, request, state, error } }) => html`
  <article class="message mine more" tabindex="-1" aria-label=${t.waiting}>
    <div class="body">
      <div class="bubble" dir="auto">
        ${h(Formatted, { text: request.content || t.file })}
        <span class="meta"><span title=${t.waiting} role="img" aria-label=${t.waiting}>${h(Icon, { name: 'clock' })}</span></span>
      </div>
      ${state == 'failed' && html`
        <p class="failed" role="alert">
          ${t.notSent} ${error?.message}
          <button type="button" class="link" onClick=${() => chat.outbox.retry(id)}>${t.again}</button>
          <button type="button" class="link" onClick=${() => chat.outbox.discard(id)}>${t.discard}</button>
        </p>
      `}
    </div>
  </article>
`;
