/** Finding people by the beginning of their name. */

import { h, html, useEffect, useState } from '../vendor/preact.js';
import { Avatar } from './avatar.js';
import { chat, contacts, people, self } from './chat.js';
import { t } from './texts.js';

/** @import { User } from '../sdk/parley.js' */

const PAUSE = 150; // milliseconds without a key before the server is asked

/**
 * Who is known here by the beginning of a name, or contacts for none: all there is while offline.
 * @param {string} prefix
 */
const known = (prefix) => {
  const wanted = prefix.trim().toLowerCase().replace(/^@/, '');
  if (!wanted) return contacts.value;
  return [...people.value.values()].filter(({ username, fullname }) =>
    [username, ...fullname.split(' ')].some((each) => each.toLowerCase().startsWith(wanted)),
  );
};

/**
 * A field and those it finds; contacts while it is empty.
 * @param {{ choose: (user: User) => void, without?: readonly string[] }} props
 */
export const Finder = ({ choose, without = [] }) => {
  const [prefix, setPrefix] = useState('');
  const [found, setFound] = useState(/** @type {readonly User[] | null} */ (null));
  useEffect(() => {
    if (!prefix.trim()) return setFound(null);
    const asked = new AbortController();
    const timer = setTimeout(async () => {
      const reply = await chat
        .request('search_users', { prefix: prefix.trim().replace(/^@/, '') }, { signal: asked.signal })
        .catch(() => null);
      if (reply) setFound(reply.data.users);
    }, PAUSE);
    return () => {
      clearTimeout(timer);
      asked.abort();
    };
  }, [prefix]);

  const shown = (found ?? known(prefix)).filter(
    ({ username }) => username != self.value?.username && !without.includes(username),
  );
  return html`
    <input class="field" type="text" inputmode="search" autofocus autocapitalize="none" aria-label=${t.findPeople} placeholder=${t.findPeople}
      value=${prefix} onInput=${(/** @type {{ currentTarget: HTMLInputElement }} */ event) => setPrefix(event.currentTarget.value)} />
    <ul class="people">
      ${shown.map((user) => html`
        <li key=${user.username}>
          <button type="button" class="item" onClick=${() => { choose(user); setPrefix(''); }}>${h(Person, { user })}</button>
        </li>
      `)}
      ${found && shown.length == 0 && html`<li class="soft" role="status">${t.nobody}</li>`}
    </ul>
  `;
};

/** @param {{ user: Pick<User, 'username' | 'fullname' | 'avatar' | 'is_online'>, beside?: string }} props */
export const Person = ({ user: { username, fullname, avatar, is_online }, beside = '' }) => html`
  ${h(Avatar, { name: fullname || username, picture: avatar, online: is_online, size: 'little' })}
  <span class="grow cut">${fullname || username} <span class="soft">@${username}</span></span>
  <span class="soft small">${beside}</span>
`;
