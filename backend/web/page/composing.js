/** What the message being written is about: a reply to one, or another text for one of one's own. */

import { h, html, signal } from '../vendor/preact.js';
import { nameOf } from './chat.js';
import { IconButton } from './icons.js';
import { summary } from './system.js';
import { t } from './texts.js';

/** @import { Message } from '../sdk/parley.js' */
/** @typedef {{ type: 'reply' | 'edit', message: Message }} Subject */

export const about = signal(/** @type {Subject | null} */ (null));

/** @param {{ subject: Subject, cancel: () => void }} props */
export const About = ({ subject: { type, message }, cancel }) => html`
  <div class="about">
    <div class="grow">
      <b>${type == 'edit' ? t.editing : t.replyTo(nameOf(message.sender_username))}</b>
      <div class="cut soft" dir="auto">${summary(message)}</div>
    </div>
    ${h(IconButton, { name: 'close', label: t.cancel, onClick: cancel })}
  </div>
`;
