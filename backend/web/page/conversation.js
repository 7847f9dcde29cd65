/** One conversation: who it is with, what was said, and where one writes. */

import { h, html } from '../vendor/preact.js';
import { Avatar } from './avatar.js';
import { nameOf, otherOf, status, titleOf, view } from './chat.js';
import { Composer } from './composer.js';
import { brief } from './dates.js';
import { Icon, IconButton } from './icons.js';
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

/** Not fetched so far; or not there, or no longer for oneself. */
const Missing = () =>
  status.value.state == 'live'
    ? html`<div class="empty"><h1>${t.notThere}</h1><p>${t.notThereHint}</p><a class="button" href="#">${t.backToChats}</a></div>`
    : html`<p class="empty">${t.loading}</p>`;

/** @param {{ id: number }} props */
export const Conversation = ({ id }) => {
  const { conversation, typing } = view(id).value;
  if (!conversation) return h(Missing, {});
  const other = otherOf(conversation);
  const name = titleOf(conversation);
  const { details, message } = place.value;
  const toDetails = () => go(addressOf(id, { details: !details }));
  return html`
    <header>
      <a class="icon back" href="#" aria-label=${t.backToChats}>${h(Icon, { name: 'back', turns: true })}</a>
      <button type="button" class="title grow" onClick=${toDetails} aria-expanded=${details}>
        ${h(Avatar, { name, picture: other?.avatar ?? conversation.avatar, online: other?.is_online, group: conversation.kind == 'group' })}
        <div class="grow">
          <h1 class="cut" dir="auto">${name}</h1>
          <p class="small soft cut" dir="auto">${under(conversation)}</p>
        </div>
      </button>
      ${h(IconButton, { name: 'search', label: t.inThis, onClick: () => openSearch(id) })}
      ${h(IconButton, { name: 'more', label: t.details, onClick: toDetails })}
    </header>
    ${h(Timeline, { key: id, id, target: message })}
    <p class="typing cut" aria-live="off">${typing.length > 0 && t.writes(typing.map(nameOf))}</p>
    ${h(Composer, { key: id, id })}
  `;
};
