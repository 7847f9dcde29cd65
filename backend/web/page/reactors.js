/** Who reacted to a message, and with what. */

import { h, html, useEffect, useState } from '../vendor/preact.js';
import { chat, tried } from './chat.js';
import { Dialog, open } from './dialogs.js';
import { Person } from './finder.js';
import { t } from './texts.js';

/** @import { Reactor } from '../sdk/parley.js' */

/** @param {number} message_id */
export const openReactors = (message_id) => open(() => h(Reactors, { message_id }));

/** @param {{ message_id: number }} props */
const Reactors = ({ message_id }) => {
  const [all, setAll] = useState(/** @type {readonly Reactor[]} */ ([]));
  const [next, setNext] = useState(/** @type {number | null} */ (null));
  /** @param {number | null} after */
  const load = async (after) => {
    const reply = await tried(chat.request('get_reactions', { message_id, ...(after && { after }) }));
    if (!reply) return;
    setAll((known) => [...known, ...reply.data.reactors]);
    setNext(reply.next ?? null);
  };
  useEffect(() => {
    load(null);
  }, []);
  return html`
    <${Dialog} title=${t.reactors}>
      <ul class="people">
        ${all.map(({ user, emojis }) => html`<li key=${user.id} class="row">${h(Person, { user, beside: emojis.join(' ') })}</li>`)}
      </ul>
      ${next && html`<button type="button" class="link" onClick=${() => load(next)}>${t.more}</button>`}
    </${Dialog}>
  `;
};
