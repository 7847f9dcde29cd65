/** Where one is signed in, and whom one has blocked. */

import { html, useEffect, useState } from '../vendor/preact.js';
import { chat, tried } from './chat.js';
import { brief } from './dates.js';
import { t } from './texts.js';

/** @import { Session } from '../sdk/parley.js' */

/**
 * The browser and system in a User-Agent, if it is one we know.
 * @param {string} device
 */
const named = (device) => {
  const browser = /(Firefox|Edg|OPR|Chrome|Safari)\//.exec(device)?.[1];
  const system = /(iPhone|iPad|Android|Windows|Mac OS X|Linux)/.exec(device)?.[1];
  return browser && system ? `${browser} · ${system}` : device.slice(0, 40) || '?';
};

export const Sessions = () => {
  const [sessions, setSessions] = useState(/** @type {readonly Session[]} */ ([]));
  const load = () => chat.request('get_sessions').then((reply) => setSessions(reply.data.sessions), () => {});
  useEffect(() => {
    load();
  }, []);
  const end = async (/** @type {number} */ id) => {
    await tried(chat.request('end_session', { id }));
    load();
  };
  return html`
    <h3 class="heading" style="padding-inline: 0">${t.sessions}</h3>
    <ul>
      ${sessions.map(({ id, device, last_seen, current }) => html`
        <li key=${id} class="row" style="min-height: 40px">
          <span class="grow cut">${named(device)} <span class="soft small">${current ? t.thisDevice : brief(last_seen)}</span></span>
          ${!current && html`<button type="button" class="link" onClick=${() => end(id)}>${t.end}</button>`}
        </li>
      `)}
    </ul>
  `;
};

export const Blocked = () => {
  const [names, setNames] = useState(/** @type {readonly string[]} */ ([]));
  const load = () => chat.request('get_blocked').then((reply) => setNames(reply.data.usernames), () => {});
  useEffect(() => {
    load();
  }, []);
  const unblock = async (/** @type {string} */ username) => {
    await tried(chat.request('unblock_user', { username }));
    load();
  };
  return names.length > 0 && html`
    <h3 class="heading" style="padding-inline: 0">${t.blocked}</h3>
    <ul>
      ${names.map((name) => html`
        <li key=${name} class="row">
          <span class="grow cut">@${name}</span>
          <button type="button" class="link" onClick=${() => unblock(name)}>${t.unblock}</button>
        </li>
      `)}
    </ul>
  `;
};
