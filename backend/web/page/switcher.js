/** Jumping to a conversation by a few letters of its name, and choosing one to forward to. */

import { h, html, useState } from '../vendor/preact.js';
import { Avatar } from './avatar.js';
import { chat, conversations, otherOf, titleOf, tried } from './chat.js';
import { Dialog, close, open } from './dialogs.js';
import { addressOf, go } from './route.js';
import { t } from './texts.js';

export const openSwitcher = () =>
  open(() => h(Switcher, { title: t.conversations, choose: (id) => go(addressOf(id)) }));

/** @param {number} message_id */
export const openForward = (message_id) => {
  /** @param {number} conversation_id */
  const choose = async (conversation_id) => {
    const client_id = crypto.randomUUID?.() ?? String(Math.random());
    if (await tried(chat.request('forward_message', { message_id, conversation_id, client_id }))) {
      go(addressOf(conversation_id));
    }
  };
  open(() => h(Switcher, { title: t.forwardTo, choose }));
};

/** @param {{ title: string, choose: (id: number) => void }} props */
const Switcher = ({ title, choose }) => {
  const [query, setQuery] = useState('');
  const [chosen, setChosen] = useState(0);
  const wanted = query.trim().toLowerCase();
  const found = conversations.value
    .filter((each) => `${titleOf(each)} ${otherOf(each)?.username ?? ''}`.toLowerCase().includes(wanted))
    .slice(0, 9);

  /** @param {number | undefined} id */
  const take = (id) => {
    if (id == null) return;
    close();
    choose(id);
  };
  /** @param {KeyboardEvent} event */
  const keyed = (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && found.length) setChosen((chosen + step + found.length) % found.length);
    else if (event.key == 'Enter') take(found[chosen]?.id);
    else return;
    event.preventDefault();
  };

  return html`
    <${Dialog} title=${title}>
      <input class="field" type="text" inputmode="search" autofocus role="combobox" aria-expanded="true" aria-controls="switcher"
        aria-activedescendant=${found.length ? `to${found[chosen]?.id}` : undefined} aria-label=${t.search} placeholder=${t.search}
        value=${query} onKeyDown=${keyed}
        onInput=${(/** @type {{ currentTarget: HTMLInputElement }} */ event) => { setQuery(event.currentTarget.value); setChosen(0); }} />
      <ul class="people" id="switcher" role="listbox" aria-label=${title} style="margin-top: 10px">
        ${found.map((each, at) => html`
          <li key=${each.id} id=${`to${each.id}`} class="item" role="option" aria-selected=${at == chosen} onClick=${() => take(each.id)}>
            ${h(Avatar, { name: titleOf(each), picture: otherOf(each)?.avatar ?? each.avatar, size: 'little', group: each.kind == 'group' })}
            <span class="grow cut" dir="auto">${titleOf(each)}</span>
          </li>
        `)}
      </ul>
      ${found.length == 0 && html`<p class="soft" role="status">${t.nobody}</p>`}
    </${Dialog}>
  `;
};
