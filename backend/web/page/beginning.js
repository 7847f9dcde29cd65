/** What is told of a conversation that waits to be created. */

import { h, html, useEffect, useState } from '../vendor/preact.js';
import { Avatar } from './avatar.js';
import { abandon, calledFor } from './begun.js';
import { chat, status } from './chat.js';
import { addContact } from './direct.js';
import { Back, Missing } from './missing.js';
import { t } from './texts.js';

/** @import { Begun } from './begun.js' */

/**
 * The head of it.
 * @param {{ item: Begun }} props
 */
export const Beginning = ({ item }) => {
  const name = calledFor(item);
  return html`
    <header>
      ${h(Back, {})}
      ${h(Avatar, { name, group: item.request.kind == 'group' })}
      <div class="grow">
        <h1 class="cut" dir="auto">${name}</h1>
        <p class="small soft cut">${status.value.state == 'live' ? '' : t.toBegin}</p>
      </div>
    </header>
  `;
};

/**
 * Why it was refused; who takes only contacts can be asked.
 * @param {{ item: Begun }} props
 */
export const Refused = ({ item: { id, error, request } }) => {
  const [username] = request.members;
  // reachable by contacts only, or blocked: the server does not tell which, and asking is harmless
  const isAskable = request.kind == 'direct' && error?.code == 'forbidden' && username;
  const ask = () => {
    abandon(id);
    addContact(username ?? '');
  };
  return html`
    <div class="refused" role="alert">
      <p class="grow">${isAskable ? t.askQuestion(username) : `${t.notBegun} ${error?.message}`}</p>
      ${isAskable
        ? html`<button type="button" class="button" onClick=${ask}>${t.ask}</button>`
        : html`<button type="button" class="button" onClick=${() => chat.outbox.retry(id)}>${t.again}</button>`}
      <button type="button" class="button plain" onClick=${() => abandon(id)}>${t.discard}</button>
    </div>
  `;
};

/**
 * It does not wait any more: it has been created, which is told soon; or nobody knows of it.
 * @param {{ id: string }} props
 */
export const Sought = ({ id }) => {
  const [isUnknown, setUnknown] = useState(false);
  useEffect(() => {
    chat.request('get_conversation_info', { client_id: id }).catch(() => setUnknown(true));
  }, [id]);
  return isUnknown ? h(Missing, {}) : html`<p class="empty">${t.loading}</p>`;
};
