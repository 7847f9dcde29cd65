/** The pane beside a conversation: who is in it, what is pinned, and what one can do about it. */

import { h, html, useEffect, useState } from '../vendor/preact.js';
import { Avatar } from './avatar.js';
import { chat, contacts, isMuted, otherOf, titleOf, tried, view } from './chat.js';
import { confirm } from './dialogs.js';
import { addContact } from './direct.js';
import { Group } from './group.js';
import { IconButton } from './icons.js';
import { Members } from './members.js';
import { addressOf, go } from './route.js';
import { Shared } from './shared.js';
import { summary } from './system.js';
import { t } from './texts.js';

/** @import { KnownConversation, Message } from '../sdk/parley.js' */

const FOR_EVER = 4_102_444_800; // 1 January 2100, for a mute without an end

/** @param {{ id: number }} props */
export const Details = ({ id }) => {
  const conversation = view(id).value.conversation;
  if (!conversation) return null;
  const other = otherOf(conversation);
  const isGroup = conversation.kind == 'group';
  return html`
    <section class="details" aria-label=${t.details}>
      <header>
        <h2>${t.details}</h2>
        ${h(IconButton, { name: 'close', label: t.close, onClick: () => go(addressOf(id)) })}
      </header>
      <div class="stack" style="justify-items: center; text-align: center">
        ${h(Avatar, { name: titleOf(conversation), picture: other?.avatar ?? conversation.avatar, size: 'big', group: isGroup })}
        <b dir="auto">${titleOf(conversation)}</b>
        ${other?.bio && html`<p class="soft" dir="auto">${other.bio}</p>`}
      </div>
      ${isGroup && conversation.me.role != 'member' && h(Group, { conversation })}
      ${isGroup && h(Members, { key: conversation.members.join(' '), conversation })}
      ${h(Pins, { conversation })}
      ${h(Shared, { id })}
      ${h(Choices, { conversation })}
    </section>
  `;
};

/** @param {{ conversation: KnownConversation }} props */
const Pins = ({ conversation: { id } }) => {
  const [pins, setPins] = useState(/** @type {readonly Message[]} */ ([]));
  const pinned = view(id).value.messages.filter((each) => each.pinned).map((each) => each.id).join();
  useEffect(() => {
    chat.request('get_pinned', { conversation_id: id }).then((reply) => setPins(reply.data.messages), () => {});
  }, [id, pinned]);
  return html`
    <h3>${t.pins}</h3>
    ${pins.length == 0 && html`<p class="soft small">${t.noPins}</p>`}
    <ul>
      ${pins.map((each) => html`
        <li key=${each.id}><a class="item" style="color: inherit; text-decoration: none" href=${addressOf(id, { message: each.id })}>
          <span class="cut" dir="auto">${each.sender_fullname}: ${summary(each)}</span>
        </a></li>
      `)}
    </ul>
  `;
};

/** @param {{ conversation: KnownConversation }} props */
const Choices = ({ conversation }) => {
  const { id: conversation_id, kind, me } = conversation;
  const other = otherOf(conversation);
  const mute = () =>
    tried(chat.request('mute_conversation', { conversation_id, until: isMuted(conversation) ? null : FOR_EVER }));
  const archive = () =>
    tried(chat.request('archive_conversation', { conversation_id, archived: !me.archived }));
  const leave = () =>
    confirm(t.leaveQuestion, t.leave, async () => {
      if (await tried(chat.request('leave_conversation', { conversation_id }))) go('#');
    });
  const unread = () => tried(chat.request('mark_unread', { conversation_id })).then((reply) => reply && go('#'));
  const isContact = contacts.value.some((each) => each.username == other?.username);
  const contact = () =>
    other && (isContact ? tried(chat.request('remove_contact', { contact_username: other.username })) : addContact(other.username));
  const block = () =>
    other && confirm(`${t.block} @${other.username}?`, t.block, () => tried(chat.request('block_user', { username: other.username })));
  return html`
    <h3>${t.more}</h3>
    <div class="stack" style="gap: 8px">
      ${other && html`<button type="button" class="button plain" onClick=${contact}>${isContact ? t.fromContacts : t.toContacts}</button>`}
      <button type="button" class="button plain" onClick=${unread}>${t.markUnread}</button>
      <button type="button" class="button plain" onClick=${mute}>${isMuted(conversation) ? t.unmute : t.mute}</button>
      <button type="button" class="button plain" onClick=${archive}>${me.archived ? t.fromArchive : t.toArchive}</button>
      ${kind == 'group'
        ? html`<button type="button" class="button danger" onClick=${leave}>${t.leave}</button>`
        : html`<button type="button" class="button danger" onClick=${block}>${t.block}</button>`}
    </div>
  `;
};
