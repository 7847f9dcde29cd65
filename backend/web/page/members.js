/** The members of a group, their roles, and adding people. */

import { h, html, useEffect, useState } from '../vendor/preact.js';
import { chat, people, self, tried } from './chat.js';
import { Dialog, close, confirm, open, openMenu } from './dialogs.js';
import { openDirect } from './direct.js';
import { Finder, Person } from './finder.js';
import { t } from './texts.js';

/** @import { KnownConversation, Member } from '../sdk/parley.js' */

/** @type {Member['role'][]} */
const ROLES = ['member', 'moderator', 'owner'];

/**
 * The members so far; `load` loads more of them, after one, or all anew.
 * @param {KnownConversation} conversation
 */
const useMembers = ({ id, me }) => {
  const [members, setMembers] = useState(/** @type {readonly Member[]} */ ([]));
  const [after, setAfter] = useState(/** @type {number | null} */ (null));

  /** @param {number | null} from */
  const load = async (from) => {
    const reply = await tried(chat.request('get_members', { conversation_id: id, ...(from && { after: from }) }));
    if (!reply) return;
    setMembers((before) => (from ? [...before, ...reply.data.members] : reply.data.members));
    setAfter(/** @type {number | null} */ (reply.next));
  };
  useEffect(() => {
    load(null);
  }, [id, me.role]);
  return { members, after, load };
};

/**
 * What one can do with a member, by who one is.
 * @param {KnownConversation} conversation
 * @param {Member} member
 * @param {() => void} changed
 */
const choicesFor = ({ id: conversation_id, me }, { username, role }, changed) => {
  /** @param {Member['role']} to */
  const make = async (to) => {
    await tried(chat.request('set_role', { conversation_id, username, role: to }));
    changed();
  };
  const remove = () => tried(chat.request('remove_member', { conversation_id, username }));
  const roles = me.role == 'owner' ? ROLES.filter((each) => each != role) : [];
  return [
    { label: `@${username}`, act: () => openDirect(username) },
    ...roles.map((each) => ({ label: t.makeRole(t.roles[each]), act: () => make(each) })),
    (me.role == 'owner' || (me.role == 'moderator' && role == 'member')) && {
      label: t.remove,
      danger: true,
      act: () => confirm(`${t.remove} @${username}?`, t.remove, remove),
    },
  ];
};

/** @param {{ conversation: KnownConversation }} props */
export const Members = ({ conversation }) => {
  const { id, me, member_count, members: known } = conversation;
  const { members, after, load } = useMembers(conversation);
  const changed = () => load(null);
  return html`
    <h3>${t.members(member_count)}</h3>
    <ul>
      ${members.map((member) => html`
        <li key=${member.id}>
          <button type="button" class="item" disabled=${member.id == self.value?.id}
            onClick=${(/** @type {{ currentTarget: Element }} */ event) => openMenu(event.currentTarget, choicesFor(conversation, member, changed))}>
            ${h(Person, {
              user: { ...member, avatar: null, is_online: null, ...people.value.get(member.username) },
              beside: member.role == 'member' ? '' : t.roles[member.role],
            })}
          </button>
        </li>
      `)}
    </ul>
    ${after && html`<button type="button" class="link" onClick=${() => load(after)}>${t.more}</button>`}
    ${me.role != 'member' && html`
      <button type="button" class="button plain" style="width: 100%; margin-top: 6px" onClick=${() => open(() => h(Adding, { id, known }))}>${t.addPeople}</button>
    `}
  `;
};

/** @param {{ id: number, known: readonly string[] }} props */
const Adding = ({ id, known }) => html`
  <${Dialog} title=${t.addPeople}>
    <div class="stack">
      ${h(Finder, {
        without: known,
        choose: async ({ username }) => {
          close();
          await tried(chat.request('add_members', { conversation_id: id, usernames: [username] }));
        },
      })}
    </div>
  </${Dialog}>
`;
