/** One conversation: who it is with, what was said, and where one writes. */

import { h, html, useEffect } from '../vendor/preact.js';
import { Avatar } from './avatar.js';
import { Beginning, Refused, Sought } from './beginning.js';
import { created, originOf, useBegun } from './begun.js';
import { nameOf, otherOf, titleOf, view } from './chat.js';
import { Composer } from './composer.js';
import { brief } from './dates.js';
import { IconButton } from './icons.js';
import { Back, Missing } from './missing.js';
import { addressOf, go, place } from './route.js';
import { openSearch } from './search.js';
import { t } from './texts.js';
import { Timeline } from './timeline.js';

/** @import { KnownConversation } from '../sdk/parley.js' */

/**
 * What stands under the name.
 * @param {KnownConversation} conversation
 */
const under = (conversation) => {
  const other = otherOf(conversation);
  if (other?.is_online) return t.online;
  if (other?.last_online) return t.lastSeen(brief(other.last_online));
  if (conversation.kind == 'direct') return other ? `@${other.username}` : '';
  return conversation.topic || t.members(conversation.member_count);
};

/** @param {{ conversation: KnownConversation }} props */
const Head = ({ conversation }) => {
  const { id, kind, avatar } = conversation;
  const other = otherOf(conversation);
  const name = titleOf(conversation);
  const { details } = place.value;
  const toDetails = () => go(addressOf(id, { details: !details }));
  return html`
    <header>
      ${h(Back, {})}
      <button type="button" class="title grow" onClick=${toDetails} aria-expanded=${details}>
        ${h(Avatar, { name, picture: other?.avatar ?? avatar, online: other?.is_online, group: kind == 'group' })}
        <div class="grow">
          <h1 class="cut" dir="auto">${name}</h1>
          <p class="small soft cut" dir="auto">${under(conversation)}</p>
        </div>
      </button>
      ${h(IconButton, { name: 'search', label: t.inThis, onClick: () => openSearch(id) })}
      ${h(IconButton, { name: 'more', label: t.details, onClick: toDetails })}
    </header>
  `;
};

/**
 * The conversation at an address: what was begun gets another when it has been created, while one
 * goes on writing.
 * @param {{ id: number | string }} props
 */
export const Conversation = ({ id }) => {
  const { id: now, conversation, queued, typing } = view(id).value;
  const item = useBegun(id);
  const isSent = !queued.length;
  useEffect(() => {
    if (typeof id == 'string' && typeof now == 'number' && isSent) created(id, now);
  }, [id, now, isSent]);
  if (!conversation && !item) return typeof id == 'string' ? h(Sought, { id }) : h(Missing, {});
  return html`
    ${conversation ? h(Head, { conversation }) : item && h(Beginning, { item })}
    ${h(Timeline, { key: id, id, target: place.value.message })}
    <p class="typing cut" aria-live="off">${typing.length > 0 && t.writes(typing.map(nameOf))}</p>
    ${item?.state == 'failed' && h(Refused, { item })}
    ${h(Composer, { key: originOf(id), id })}
  `;
};
