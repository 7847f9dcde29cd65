/** What the message being written is about: a reply to one, or another text for one of one's own. */

import { h, html, signal, useEffect, useState } from '../vendor/preact.js';
import { nameOf, self, view } from './chat.js';
import { IconButton } from './icons.js';
import { summary } from './system.js';
import { t } from './texts.js';

/** @import { ConversationStore, Message } from '../sdk/parley.js' */
/** @import { Writing } from './writing.js' */
/** @typedef {{ type: 'reply' | 'edit', message: Message }} Subject */

export const about = signal(/** @type {Subject | null} */ (null));

/**
 * What is being written in a conversation is about; the text of what is edited is taken up.
 * @param {ConversationStore} handle
 * @param {Writing} writing
 */
export const useSubject = (handle, { area, write }) => {
  const subject = about.value?.message.conversation_id == handle.id ? about.value : null;
  useEffect(() => {
    if (subject?.type == 'edit') write(subject.message.content ?? '');
    if (subject) area.current?.focus();
  }, [subject]);
  return subject;
};

/** @param {readonly Message[]} messages */
const lastOwn = (messages) =>
  messages.findLast((each) => each.sender_id == self.peek()?.id && each.kind == 'text' && !each.deleted_at);

/**
 * Gives the way to edit what one wrote last: if it is on its way, as soon as it is there. Writing
 * something meanwhile lets go of it.
 * @param {number | string} id a conversation
 * @param {boolean} isWriting
 */
export const useTakingUp = (id, isWriting) => {
  const [isWanted, want] = useState(false);
  const { messages, queued } = view(id).value;
  useEffect(() => {
    const isOnItsWay = queued.some(({ state }) => state == 'waiting');
    if (!isWanted || (isOnItsWay && !isWriting)) return;
    want(false);
    const message = lastOwn(messages);
    if (message && !isWriting) about.value = { type: 'edit', message };
  });
  return () => want(true);
};

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
