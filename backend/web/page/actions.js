/** What can be done with a message. */

import { h, html } from '../vendor/preact.js';
import { chat, self, tried, view } from './chat.js';
import { about } from './composing.js';
import { close, confirm, openMenu } from './dialogs.js';
import { quick, used } from './emoji.js';
import { IconButton } from './icons.js';
import { pickEmoji } from './picker.js';
import { openReactors } from './reactors.js';
import { openReport } from './report.js';
import { openForward } from './switcher.js';
import { t } from './texts.js';

/** @import { Message } from '../sdk/parley.js' */
/** @import { Choice } from './dialogs.js' */

/**
 * Put a reaction on, or take one's own off.
 * @param {Message} message
 * @param {string} emoji
 */
export const toggle = ({ id, me }, emoji) =>
  tried(
    chat.request(me?.reactions.includes(emoji) ? 'remove_reaction' : 'add_reaction', {
      message_id: id,
      emoji,
    }),
  );

/** @param {Message} message */
export const react = (message) =>
  pickEmoji((emoji) => {
    used(emoji);
    toggle(message, emoji);
  });

/** @param {Message} message */
const remove = ({ id }) =>
  confirm(t.deleteQuestion, t.delete, () => tried(chat.request('delete_message', { message_id: id })));

/**
 * What can be done with a message, by who one is in its conversation.
 * @param {Message} message
 * @returns {(Choice | false)[]}
 */
const choicesFor = (message) => {
  const { id, content, sender_id, conversation_id, pinned, reactions } = message;
  const conversation = view(conversation_id).value.conversation;
  const isMine = sender_id == self.value?.id;
  const isGroup = conversation?.kind == 'group';
  const mayRule = !isGroup || conversation.me.role != 'member';
  const pin = pinned ? 'unpin_message' : 'pin_message';
  return [
    { label: t.reply, act: () => { about.value = { type: 'reply', message }; } },
    isMine && { label: t.edit, act: () => { about.value = { type: 'edit', message }; } },
    { label: t.copy, act: () => navigator.clipboard?.writeText(content ?? '') },
    { label: t.forward, act: () => openForward(id) },
    reactions.length > 0 && { label: t.reactors, act: () => openReactors(id) },
    mayRule && { label: pinned ? t.unpin : t.pin, act: () => tried(chat.request(pin, { message_id: id })) },
    !isMine && { label: t.report, act: () => openReport(id), danger: true },
    (isMine || (mayRule && isGroup)) && { label: t.delete, act: () => remove(message), danger: true },
  ];
};

/**
 * Open what can be done with a message, under the reactions one puts on most.
 * @param {Element} at
 * @param {Message} message
 */
export const openActions = (at, message) => {
  const above = html`
    <div class="row" style="padding: 6px 6px 0; gap: 2px">
      ${quick().map((emoji) => html`
        <button type="button" class="icon" aria-label=${`${t.react} ${emoji}`} onClick=${() => { close(); used(emoji); toggle(message, emoji); }}>${emoji}</button>
      `)}
      ${h(IconButton, { name: 'plus', label: t.emoji, onClick: () => react(message) })}
    </div>
  `;
  openMenu(at, choicesFor(message), above);
};
