/** A conversation that is not there, and the way back to the list. */

import { h, html } from '../vendor/preact.js';
import { status } from './chat.js';
import { Icon } from './icons.js';
import { t } from './texts.js';

/** To the list, where there is no room for it beside a conversation. */
export const Back = () =>
  html`<a class="icon back" href="#" aria-label=${t.backToChats}>${h(Icon, { name: 'back', turns: true })}</a>`;

/** Not fetched so far; or not there, or no longer for oneself. */
export const Missing = () =>
  status.value.state == 'live'
    ? html`<div class="empty"><h1>${t.notThere}</h1><p>${t.notThereHint}</p><a class="button" href="#">${t.backToChats}</a></div>`
    : html`<p class="empty">${t.loading}</p>`;
