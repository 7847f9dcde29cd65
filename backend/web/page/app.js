/** The whole page. */

import { h, html, useEffect } from '../vendor/preact.js';
import { Announcer } from './announcer.js';
import { Bar } from './bar.js';
import { conversations, self, status } from './chat.js';
import { Conversation } from './conversation.js';
import { Details } from './details.js';
import { Opened, opened } from './dialogs.js';
import { Login } from './login.js';
import { place } from './route.js';
import { Sidebar } from './sidebar.js';
import { openSwitcher } from './switcher.js';
import { t } from './texts.js';

/** @param {KeyboardEvent} event */
const shortcuts = (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() != 'k' || !self.peek()) return;
  event.preventDefault();
  openSwitcher();
};

const Nothing = () => html`
  <div class="empty">
    <h2>${t.nothingOpen}</h2>
    <p>${t.nothingOpenHint}</p>
  </div>
`;

export const App = () => {
  useEffect(() => {
    addEventListener('keydown', shortcuts);
    return () => removeEventListener('keydown', shortcuts);
  }, []);
  const { state } = status.value;
  const isOut = state == 'stopped' && status.value.why == 'login';
  if (isOut || (state == 'idle' && !self.value)) return h(Login, {});
  if (!self.value && !conversations.value.length) {
    return html`<main class="empty">${h(Bar, {})}<h1>${t.name}</h1><p role="status">${t.connecting}</p></main>`;
  }
  const { conversation: id, details } = place.value;
  return html`
    <main class=${`panes ${id ? 'open' : ''} ${id && details ? 'detailed' : ''}`}>
      ${h(Bar, {})}
      ${h(Sidebar, {})}
      <section class="main" aria-label=${t.messages}>${id ? h(Conversation, { id }) : h(Nothing, {})}</section>
      ${typeof id == 'number' && details && h(Details, { key: id, id })}
    </main>
    ${opened.value && h(Opened, {})}
    ${h(Announcer, {})}
  `;
};
