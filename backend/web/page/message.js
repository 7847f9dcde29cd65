/** One message, and what can be done with it. */

import { h, html, useSignal } from '../vendor/preact.js';
import { Attachments } from './attachments.js';
import { Avatar, hueOf } from './avatar.js';
import { chat, nameOf, people, self, tried, view } from './chat.js';
import { about } from './composing.js';
import { clock, full } from './dates.js';
import { close as dismiss, confirm, openMenu } from './dialogs.js';
import { quick, used } from './emoji.js';
import { flat } from './format.js';
import { Formatted } from './formatted.js';
import { Icon, IconButton } from './icons.js';
import { pickEmoji } from './picker.js';
import { openReactors } from './reactors.js';
import { addressOf, go } from './route.js';
import { openForward } from './switcher.js';
import { sentence } from './system.js';
import { t } from './texts.js';

/** @import { Message as Said, OutboxItem } from '../sdk/parley.js' */

/**
 * Put a reaction on, or take one's own off.
 * @param {Said} message
 * @param {string} emoji
 */
const toggle = ({ id, me }, emoji) =>
  tried(
    chat.request(me?.reactions.includes(emoji) ? 'remove_reaction' : 'add_reaction', {
      message_id: id,
      emoji,
    }),
  );

/** @param {Said} message */
const react = (message) =>
  pickEmoji((emoji) => {
    used(emoji);
    toggle(message, emoji);
  });

/**
 * Open what can be done with a message.
 * @param {Element} at
 * @param {Said} message
 */
export const openActions = (at, message) => {
  const { id, content, sender_id, conversation_id, pinned, reactions } = message;
  const conversation = view(conversation_id).value.conversation;
  const isMine = sender_id == self.value?.id;
  const mayRule = conversation?.kind == 'direct' || conversation?.me.role != 'member';
  const above = html`
    <div class="row" style="padding: 6px 6px 0; gap: 2px">
      ${quick().map((emoji) => html`
        <button type="button" class="icon" aria-label=${`${t.react} ${emoji}`} onClick=${() => { dismiss(); used(emoji); toggle(message, emoji); }}>${emoji}</button>
      `)}
      ${h(IconButton, { name: 'plus', label: t.emoji, onClick: () => react(message) })}
    </div>
  `;
  openMenu(
    at,
    [
      { label: t.reply, act: () => { about.value = { type: 'reply', message }; } },
      isMine && { label: t.edit, act: () => { about.value = { type: 'edit', message }; } },
      { label: t.copy, act: () => navigator.clipboard?.writeText(content ?? '') },
      { label: t.forward, act: () => openForward(id) },
      reactions.length > 0 && { label: t.reactors, act: () => openReactors(id) },
      mayRule && {
        label: pinned ? t.unpin : t.pin,
        act: () => tried(chat.request(pinned ? 'unpin_message' : 'pin_message', { message_id: id })),
      },
      (isMine || (mayRule && conversation?.kind == 'group')) && {
        label: t.delete,
        danger: true,
        act: () => confirm(t.deleteQuestion, t.delete, () => tried(chat.request('delete_message', { message_id: id }))),
      },
    ],
    above,
  );
};

/**
 * How far one's own message has got.
 * @param {{ message: Said }} props
 */
const Progress = ({ message: { id, conversation_id } }) => {
  const { conversation } = view(conversation_id).value;
  const has = (/** @type {number | null | undefined} */ upTo) => (upTo ?? 0) >= id;
  const [label, name, css] = has(conversation?.read_by_all_id)
    ? [t.read, /** @type {const} */ ('checks'), 'read']
    : has(conversation?.delivered_to_all_id)
      ? [t.delivered, /** @type {const} */ ('checks'), '']
      : [t.sent, /** @type {const} */ ('check'), ''];
  return html`<span class=${css} title=${label} role="img" aria-label=${label}>${h(Icon, { name })}</span>`;
};

/**
 * What a message replies to: as it was read, or what is known of it here.
 * @param {Said} message
 */
const quoteOf = ({ quote, reply_id, conversation_id }) =>
  quote ?? (reply_id ? view(conversation_id).value.messages.find((each) => each.id == reply_id) : null);

/** @param {{ message: Said }} props */
const Quoted = ({ message }) => {
  const quote = quoteOf(message);
  return quote && html`
    <button type="button" class="quote" dir=${t.dir} onClick=${() => go(addressOf(message.conversation_id, { message: quote.id }))}>
      <b>${quote.sender_username ? nameOf(quote.sender_username) : ''}</b>
      <span class="cut" style="display: block" dir="auto">${quote.content == null ? t.deleted : flat(quote.content)}</span>
    </button>
  `;
};

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
  const { sender_username: sender, deleted_at, edited_at, pinned, sent_at } = message;
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
        <div class="bubble" dir="auto">
          ${!isMine && isGroup && !continues && html`<span class="by" dir="auto" style=${{ '--name': `light-dark(hsl(${hueOf(name)} 60% 33%), hsl(${hueOf(name)} 60% 75%))` }}>${name}</span>`}
          ${message.reply_id && h(Quoted, { message })}
          ${deleted_at ? html`<span class="gone">${t.deleted}</span>` : html`
            ${message.attachments.length > 0 && h(Attachments, { files: message.attachments })}
            ${message.content ? h(Formatted, { text: message.content }) : ''}
          `}
          <span class="meta">
            ${pinned && html`<span title=${t.pinned} role="img" aria-label=${t.pinned}>${h(Icon, { name: 'pin' })}</span>`}
            ${edited_at && !deleted_at && t.edited} <time title=${full(sent_at)}>${clock(sent_at)}</time>
            ${isMine && !deleted_at && h(Progress, { message })}
          </span>
        </div>
        ${message.reactions.length > 0 && h(Reactions, { message })}
      </div>
      ${isNear.value && !deleted_at && h(Tools, { message })}
    </article>
  `;
};

/** @param {{ item: OutboxItem }} props */
export const Queued = ({ item: { id, request, state, error } }) => html`
  <article class="message mine more" tabindex="-1" aria-label=${t.waiting}>
    <div class="body">
      <div class="bubble" dir="auto">
        ${h(Formatted, { text: request.content || t.file })}
        <span class="meta"><span title=${t.waiting} role="img" aria-label=${t.waiting}>${h(Icon, { name: 'clock' })}</span></span>
      </div>
      ${state == 'failed' && html`
        <p class="failed" role="alert">
          ${t.notSent} ${error?.message}
          <button type="button" class="link" onClick=${() => chat.outbox.retry(id)}>${t.again}</button>
          <button type="button" class="link" onClick=${() => chat.outbox.discard(id)}>${t.discard}</button>
        </p>
      `}
    </div>
  </article>
`;
