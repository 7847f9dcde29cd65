/** Who asks to be one's contact: told over the list, accepted or refused there. */

import { h, html, signal } from '../vendor/preact.js';
import { chat, tried } from './chat.js';
import { Person } from './finder.js';
import { t } from './texts.js';

/** @import { User } from '../sdk/parley.js' */

const asking = signal(/** @type {readonly User[]} */ ([]));

const load = () => chat.request('get_contact_requests').then((reply) => { asking.value = reply.data.users; }, () => {});

chat.on('status', ({ state }) => state == 'live' && load());
chat.on('frame', ({ direction, frame: { type } }) => {
  if (direction == 'in' && /^(contact_request|add_contact|remove_contact)$/.test(type)) load();
});

/** @param {{ user: User }} props */
const One = ({ user }) => {
  const answer = (/** @type {'add_contact' | 'remove_contact'} */ type) =>
    tried(chat.request(type, { contact_username: user.username }));
  return html`
    <li class="asking">
      <div class="row">${h(Person, { user })}</div>
      <div class="row">
        <button type="button" class="button" onClick=${() => answer('add_contact')}>${t.accept}</button>
        <button type="button" class="button plain" onClick=${() => answer('remove_contact')}>${t.refuse}</button>
      </div>
    </li>
  `;
};

export const Asking = () =>
  asking.value.length > 0 && html`
    <section aria-label=${t.contactRequests}>
      <h2 class="heading">${t.contactRequests}</h2>
      <ul>${asking.value.map((user) => h(One, { key: user.username, user }))}</ul>
    </section>
  `;
