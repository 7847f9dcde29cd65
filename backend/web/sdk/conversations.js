/** How events and reads change conversations. */

/** @import { Known, State, Taker } from './state.js' */

import { amend, everybody, reached } from './state.js';

const NEWCOMER = {
  unread_count: 0,
  mention_count: 0,
  first_unread_id: null,
  last_read_id: 0,
  role: /** @type {const} */ ('member'),
  muted_until: null,
  archived: false,
};
const LISTED = 100; // up to so many members, `members` names them all

/** @type {Taker} */
const created = (state, { data, frame }) => {
  const known = { ...data, me: { ...NEWCOMER, ...data.me } };
  state.conversations.set(data.id, known);
  // of one that others began nothing tells whether there were messages before
  if (frame['status'] == 'created') {
    known.receipts = known.members.map(unread);
    state.timelines.set(data.id, [{ messages: [], moreBefore: false, moreAfter: false }]);
  } else state.stale.add(data.id);
  state.changed.add(data.id).add('conversations');
};

/** @param {string} username */
const unread = (username) => ({ username, read_id: 0, delivered_id: 0 });

/** @type {Taker} */
const joined = (state, { data }) =>
  amend(state, data.conversation_id, ({ id, members, member_count }) => {
    if (member_count <= LISTED) state.stale.add(id);
    return {
      members: [...new Set([...members, ...data.usernames])].slice(0, LISTED),
      member_count: data.member_count,
    };
  });

/**
 * @param {State} state
 * @param {number} id
 */
const forget = (state, id) => {
  state.conversations.delete(id);
  state.timelines.delete(id);
  state.stale.delete(id);
  state.changed.add(id).add('conversations');
};

/** @type {Taker} */
const left = (state, { data }) => {
  const id = data.conversation_id;
  if (data.username == state.self?.username) forget(state, id);
  amend(state, id, (known) => {
    if (known.member_count > known.members.length) state.stale.add(id);
    return {
      members: known.members.filter((each) => each != data.username),
      participants: known.participants.filter((each) => each.username != data.username),
      member_count: data.member_count,
      ...everybody(known.receipts?.filter((each) => each.username != data.username)),
    };
  });
};

/** @type {Taker} */
const described = (state, { data }) => {
  const { conversation_id, ...values } = data;
  amend(state, conversation_id, () => values);
};

/** @type {Taker} */
const roleGiven = (state, { data }) => {
  if (data.username != state.self?.username) return;
  amend(state, data.conversation_id, ({ me }) => ({ me: { ...me, role: data.role } }));
};

/** @type {Taker} */
const own = (state, { data }) => amend(state, data.conversation_id, () => ({ me: data.me }));

/** @type {Taker} */
const marked = (state, { data, frame }) =>
  amend(state, data.conversation_id, (known) => ({
    ...(data.me && { me: data.me }),
    ...reached(
      known,
      data.username,
      frame.type == 'mark_read' ? data.message_id : 0,
      data.message_id,
    ),
  }));

/** @type {Taker} */
const informed = (state, { data }) => {
  const receipts = state.conversations.get(data.id)?.receipts;
  state.conversations.set(data.id, { ...(receipts && { receipts }), ...data });
  if (data.receipts) state.stale.delete(data.id);
  state.changed.add(data.id).add('conversations');
};

/** @type {Taker} */
const listed = (state, told) => {
  /** @type {Known[]} */
  const page = told.data;
  if (told.request.before == null && !told.frame['more']) {
    const ids = new Set(page.map((each) => each.id));
    for (const id of [...state.conversations.keys()]) if (!ids.has(id)) forget(state, id);
  }
  for (const data of page) informed(state, { ...told, data });
};

/** @type {Record<string, Taker>} */
export const conversationTakers = {
  create_conversation: created,
  add_members: joined,
  remove_member: left,
  leave_conversation: left,
  rename_conversation: described,
  set_topic: described,
  set_role: roleGiven,
  mute_conversation: own,
  archive_conversation: own,
  mark_read: marked,
  mark_delivered: marked,
  get_conversations: listed,
  get_conversation_info: informed,
};
