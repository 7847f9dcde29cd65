/** One message, with who wrote it and what is put on it. */

import { h, html, useSignal } from '../vendor/preact.js';
import { openActions, react, toggle } from './actions.js';
import { Avatar } from './avatar.js';
import { Bubble } from './bubble.js';
import { people, self } from './chat.js';
import { about } from './composing.js';
import { full } from './dates.js';
import { IconButton } from './icons.js';
import { sentence } from './system.js';
import { t } from './texts.js';

/** @import { Message as Said } from '../sdk/parley.js' */

/** @param {{ message: Said }} props */
const Reactions = ({ message }) => html`
  <div class="reactions">
    ${message.reactions.map(({ emoji, count }) => html`
      <button type="button" key=${emoji} class="reaction" aria-pressed=${!!message.me?.reactions.includes(emoji)}
        onClick=${() => toggle(message, emoji)}><bdi>${emoji}</bdi> ${count}</button>
    `)}
  </div>
`;

/** @param {{ message: Said }} props */
const Tools = ({ message }) => html`
  <div class="tools">
    ${h(IconButton, { name: 'smile', label: t.react, onClick: () => react(message) })}
    ${h(IconButton, { name: 'reply', label: t.reply, turns: true, onClick: () => { about.value = { type: 'reply', message }; } })}
    ${h(IconButton, { name: 'more', label: t.more, onClick: (event) => event.currentTarget instanceof Element && openActions(event.currentTarget, message) })}
  </div>
`;

/** @param {{ message: Said, continues: boolean, isGroup: boolean, flash: boolean }} props */
export const Message = ({ message, continues, isGroup, flash }) => {
  const isNear = useSignal(false); // before, its tools are not made: most messages need none
  const near = () => {
    isNear.value = true;
  };
  if (message.kind == 'system') return html`<p class="system" data-id=${message.id}>${sentence(message)}</p>`;
  const isMine = message.sender_id == self.value?.id;
  const { sender_username: sender, deleted_at, sent_at } = message;
  const name = message.sender_fullname || sender;
  /** @param {MouseEvent} event */
  const menu = (event) => {
    if (deleted_at || getSelection()?.toString() || !(event.currentTarget instanceof Element)) return;
    if (event.target instanceof Element && event.target.closest('a, .picture, video, audio')) return;
    event.preventDefault();
    openActions(event.currentTarget.querySelector('.bubble') ?? event.currentTarget, message);
  };
  return html`
    <article class=${`message ${isMine ? 'mine' : ''} ${continues ? 'more' : ''} ${flash ? 'flash' : ''}`}
      data-id=${message.id} tabindex="-1" aria-label=${`${isMine ? t.you : name}, ${full(sent_at)}`} onContextMenu=${menu} onMouseMove=${near} onFocusIn=${near}>
      ${!isMine && !continues && h(Avatar, { name, picture: people.value.get(sender)?.avatar, size: 'little' })}
      <div class="body">
        ${h(Bubble, { message, isMine, by: !isMine && isGroup && !continues ? name : null })}
        ${message.reactions.length > 0 && h(Reactions, { message })}
      </div>
      ${isNear.value && !deleted_at && h(Tools, { message })}
    </article>
  `;
};
