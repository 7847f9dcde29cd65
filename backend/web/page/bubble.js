/** What a message says, and what is known of it: when, whether it was read, what it replies to. */

import { h, html } from '../vendor/preact.js';
import { Attachments } from './attachments.js';
import { hueOf } from './avatar.js';
import { nameOf, view } from './chat.js';
import { clock, full } from './dates.js';
import { flat } from './format.js';
import { Formatted } from './formatted.js';
import { Icon } from './icons.js';
import { addressOf, go } from './route.js';
import { t } from './texts.js';

/** @import { Message } from '../sdk/parley.js' */

/**
 * How far one's own message has got.
 * @param {{ message: Message }} props
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
 * @param {Message} message
 */
const quoteOf = ({ quote, reply_id, conversation_id }) =>
  quote ?? (reply_id ? view(conversation_id).value.messages.find((each) => each.id == reply_id) : null);

/** @param {{ message: Message }} props */
const Quoted = ({ message }) => {
  const quote = quoteOf(message);
  return quote && html`
    <button type="button" class="quote" dir=${t.dir} onClick=${() => go(addressOf(message.conversation_id, { message: quote.id }))}>
      <b>${quote.sender_username ? nameOf(quote.sender_username) : ''}</b>
      <span class="cut" style="display: block" dir="auto">${quote.content == null ? t.deleted : flat(quote.content)}</span>
    </button>
  `;
};

/**
 * Who wrote it, in a colour of their own.
 * @param {{ name: string }} props
 */
const By = ({ name }) => {
  const hue = hueOf(name);
  return html`<span class="by" dir="auto" style=${{ '--name': `light-dark(hsl(${hue} 60% 28%), hsl(${hue} 60% 75%))` }}>${name}</span>`;
};

/** @param {{ message: Message, by: string | null, isMine: boolean }} props */
export const Bubble = ({ message, by, isMine }) => {
  const { content, attachments, reply_id, deleted_at, edited_at, pinned, sent_at } = message;
  return html`
    <div class="bubble" dir="auto">
      ${by && h(By, { name: by })}
      ${reply_id && h(Quoted, { message })}
      ${deleted_at ? html`<span class="gone">${t.deleted}</span>` : html`
        ${attachments.length > 0 && h(Attachments, { files: attachments })}
        ${content ? h(Formatted, { text: content }) : ''}
      `}
      <span class="meta">
        ${pinned && html`<span title=${t.pinned} role="img" aria-label=${t.pinned}>${h(Icon, { name: 'pin' })}</span>`}
        ${edited_at && !deleted_at && t.edited} <time title=${full(sent_at)}>${clock(sent_at)}</time>
        ${isMine && !deleted_at && h(Progress, { message })}
      </span>
    </div>
  `;
};
