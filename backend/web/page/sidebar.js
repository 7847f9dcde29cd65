/** The list of conversations. */

import { h, html, useState } from '../vendor/preact.js';
import { Asking } from './asking.js';
import { Avatar } from './avatar.js';
import { begun, calledFor } from './begun.js';
import { conversations, isMuted, nameOf, otherOf, self, titleOf } from './chat.js';
import { brief } from './dates.js';
import { drafts } from './drafts.js';
import { IconButton } from './icons.js';
import { openNewChat } from './newchat.js';
import { openProfile } from './profile.js';
import { addressOf, place } from './route.js';
import { openSearch } from './search.js';
import { summary } from './system.js';
import { t } from './texts.js';

/** @import { KnownConversation } from '../sdk/parley.js' */
/** @import { Begun } from './begun.js' */

export const Sidebar = () => {
  const [isArchive, showArchive] = useState(false);
  const shown = conversations.value.filter((each) => each.me.archived == isArchive);
  const waiting = isArchive ? [] : begun.value;
  const archived = conversations.value.some((each) => each.me.archived);
  return html`
    <nav class="side" aria-label=${t.conversations}>
      <header>
        ${isArchive && h(IconButton, { name: 'back', turns: true, label: t.backToChats, onClick: () => showArchive(false) })}
        <h1 class="grow">${isArchive ? t.archive : t.chats}</h1>
        ${archived && !isArchive && h(IconButton, { name: 'box', label: t.archive, onClick: () => showArchive(true) })}
        ${h(IconButton, { name: 'search', label: t.searchAll, onClick: () => openSearch(null) })}
        ${h(IconButton, { name: 'plus', label: t.newChat, onClick: () => openNewChat() })}
        <button type="button" class="icon" aria-label=${t.settings} title=${t.settings} onClick=${() => openProfile()}>
          ${h(Avatar, { name: self.value?.fullname ?? '', picture: self.value?.avatar, size: 'little' })}
        </button>
      </header>
      <div class="list">
        ${!isArchive && h(Asking, {})}
        <ul>
          ${waiting.map((each) => h('li', { key: each.id }, h(Waiting, { item: each })))}
          ${shown.map((each) => h('li', { key: each.id }, h(Entry, { conversation: each })))}
          ${shown.length + waiting.length == 0 && html`
            <li class="empty">
              <h2>${t.noChats}</h2>
              <p>${t.noChatsHint}</p>
              <button class="button" onClick=${() => openNewChat()}>${t.newChat}</button>
            </li>
          `}
        </ul>
      </div>
    </nav>
  `;
};

/**
 * The last thing said, with who said it where that is not clear.
 * @param {KnownConversation} conversation
 */
const said = ({ id, kind, topic, member_count, last_message: last }) => {
  const draft = drafts.value[id];
  if (draft && place.value.conversation != id) return `${t.draft} ${draft}`;
  if (!last) return topic || (kind == 'group' ? t.members(member_count) : '');
  const text = summary(last);
  if (last.kind == 'system' || (kind == 'direct' && last.sender_id != self.value?.id)) return text;
  return t.saidBy(nameOf(last.sender_username), text);
};

/** @param {{ item: Begun }} props */
const Waiting = ({ item }) => {
  const { id, state, created, request } = item;
  const name = calledFor(item);
  return html`
    <a class="entry" href=${addressOf(id)} aria-current=${place.value.conversation == id ? 'page' : undefined}>
      ${h(Avatar, { name, group: request.kind == 'group' })}
      <div class="grow">
        <div class="line"><span class="name cut" dir="auto">${name}</span><time>${brief(created / 1000)}</time></div>
        <div class="line"><span class=${`said cut ${state == 'failed' ? 'wrong' : ''}`}>${state == 'failed' ? t.notBegun : t.toBegin}</span></div>
      </div>
    </a>
  `;
};

/** @param {{ conversation: KnownConversation }} props */
const Entry = ({ conversation }) => {
  const { id, me, kind, last_message: last, created_at } = conversation;
  const other = otherOf(conversation);
  const name = titleOf(conversation);
  const unread = me.unread_count;
  const isUnread = unread > 0 || me.marked_unread;
  return html`
    <a class=${`entry ${isUnread ? 'unread' : ''}`} href=${addressOf(id)}
      aria-current=${place.value.conversation == id ? 'page' : undefined}>
      ${h(Avatar, { name, picture: other?.avatar ?? conversation.avatar, online: other?.is_online, group: kind == 'group' })}
      <div class="grow">
        <div class="line">
          <span class="name cut" dir="auto">${name}</span>
          <time>${brief(last?.sent_at ?? created_at)}</time>
        </div>
        <div class="line">
          <span class="said cut" dir="auto">${said(conversation)}</span>
          ${isUnread && html`
            <span class=${`badge ${isMuted(conversation) ? 'muted' : ''}`}>
              <span aria-hidden="true">${me.mention_count ? '@' : ''}${unread > 99 ? '99+' : unread || '•'}</span>
              <span class="quiet">${unread ? t.unread(unread) : t.markedUnread}</span>
            </span>
          `}
        </div>
      </div>
    </a>
  `;
};
