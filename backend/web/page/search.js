/** Searching messages, everywhere or within one conversation, and people. */

import { h, html, useEffect, useState } from '../vendor/preact.js';
import { chat, conversations, titleOf } from './chat.js';
import { brief } from './dates.js';
import { Dialog, close, open } from './dialogs.js';
import { openDirect } from './direct.js';
import { Person } from './finder.js';
import { addressOf, go } from './route.js';
import { summary } from './system.js';
import { t } from './texts.js';

/** @import { Message, User } from '../sdk/parley.js' */

const PAUSE = 200; // milliseconds

/** @param {number | null} within a conversation, or everywhere */
export const openSearch = (within) => open(() => h(Search, { within }));

/**
 * What is found, a moment after the last key; `find` finds more, before a message.
 * @param {string} query
 * @param {number | null} within
 */
const useFound = (query, within) => {
  const [messages, setMessages] = useState(/** @type {readonly Message[]} */ ([]));
  const [users, setUsers] = useState(/** @type {readonly User[]} */ ([]));
  const [next, setNext] = useState(/** @type {number | null} */ (null));
  const [isDone, setDone] = useState(false);

  /**
   * @param {AbortSignal} [signal]
   * @param {number | null} [before]
   */
  const find = async (signal, before) => {
    const fields = { query, ...(within && { conversation_id: within }), ...(before && { before }) };
    const options = signal ? { signal } : {};
    const [hits, named] = await Promise.all([
      chat.request('search_messages', fields, options).catch(() => null),
      within || before ? null : chat.request('search_users', { prefix: query, limit: 5 }, options).catch(() => null),
    ]);
    if (signal?.aborted) return;
    setMessages((known) => (before ? [...known, ...(hits?.data.messages ?? [])] : (hits?.data.messages ?? [])));
    setNext(/** @type {number | null} */ (hits?.next ?? null));
    if (!before) setUsers(named?.data.users ?? []);
    setDone(true);
  };

  useEffect(() => {
    setDone(false);
    if (!query.trim()) {
      setMessages([]);
      setUsers([]);
      return undefined;
    }
    const asked = new AbortController();
    const timer = setTimeout(() => find(asked.signal), PAUSE);
    return () => {
      clearTimeout(timer);
      asked.abort();
    };
  }, [query]);

  return { messages, users, next, isDone, find };
};

/** @param {{ within: number | null }} props */
const Search = ({ within }) => {
  const [query, setQuery] = useState('');
  const { messages, users, next, isDone, find } = useFound(query, within);
  return html`
    <${Dialog} title=${within ? t.inThis : t.searchAll}>
      <input class="field" type="text" inputmode="search" autofocus aria-label=${t.search} placeholder=${t.searchHint} value=${query}
        onInput=${(/** @type {{ currentTarget: HTMLInputElement }} */ event) => setQuery(event.currentTarget.value)} />
      <div class="people" style="margin-top: 10px; max-height: 60dvh">
        ${users.map((user) => html`
          <button type="button" key=${user.username} class="item" onClick=${() => openDirect(user.username)}>${h(Person, { user })}</button>
        `)}
        ${messages.map((message) => h(Hit, { key: message.id, message }))}
        ${next && html`<button type="button" class="link" onClick=${() => find(undefined, next)}>${t.more}</button>`}
        ${isDone && !messages.length && !users.length && html`<p class="soft" role="status">${t.noHits}</p>`}
      </div>
    </${Dialog}>
  `;
};

/** @param {{ message: Message }} props */
const Hit = ({ message }) => {
  const conversation = conversations.value.find((each) => each.id == message.conversation_id);
  const show = () => {
    close();
    go(addressOf(message.conversation_id, { message: message.id }));
  };
  return html`
    <button type="button" class="item" onClick=${show}>
      <span class="grow">
        <span class="row small soft">
          <span class="grow cut">${message.sender_fullname}${conversation ? ` · ${titleOf(conversation)}` : ''}</span>
          <time>${brief(message.sent_at)}</time>
        </span>
        <span class="cut" style="display: block" dir="auto">${summary(message)}</span>
      </span>
    </button>
  `;
};
