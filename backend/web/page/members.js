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

/** @param {{ conversation: KnownConversation }} props */
export const Members = ({ conversation: { id, me, member_count, members: known } }) => {
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

  /** @param {Member} member */
  const choices = ({ username, role }) => [
    { label: `@${username}`, act: () => openDirect(username) },
    ...(me.role == 'owner'
      ? ROLES.filter((each) => each != role).map((each) => ({
          label: t.makeRole(t.roles[each]),
          act: async () => {
            await tried(chat.request('set_role', { conversation_id: id, username, role: each }));
            load(null);
          },
        }))
      : []),
    (me.role == 'owner' || (me.role == 'moderator' && role == 'member')) && {
      label: t.remove,
      danger: true,
      act: () =>
        confirm(`${t.remove} @${username}?`, t.remove, () =>
          tried(chat.request('remove_member', { conversation_id: id, username })),
        ),
    },
  ];

  return html`
    <h3>${t.members(member_count)}</h3>
    <ul>
      ${members.map((member) => html`
        <li key=${member.id}>
          <button type="button" class="item" disabled=${member.id == self.value?.id}
            onClick=${(/** @type {{ currentTarget: Element }} */ event) => openMenu(event.currentTarget, choices(member))}>
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
