/** How events and reads change conversations. */

/** @import { State, Taker } from './state.js' */

import { amend, everybody, put, reached } from './state.js';

const LISTED = 100; // up to so many members, all are named, and how far they have got

/** @type {Taker} */
const created = (state, { data, frame }) => {
  put(state, data);
  state.stale.add(data.id); // nothing tells what was there before, or how far all have got
  if (frame['status'] == 'created') {
    state.timelines.set(data.id, [{ messages: [], moreBefore: false, moreAfter: false }]);
  }
};

/** @type {Taker} */
const joined = (state, { data }) =>
  amend(state, data.conversation_id, ({ id, member_count }) => {
    if (member_count <= LISTED) state.stale.add(id); // else neither names nor places are told
    return { member_count: data.member_count };
  });

/**
 * @param {State} state
 * @param {number} id
 */
const forget = (state, id) => {
  state.conversations.delete(id);
  state.timelines.delete(id);
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
const marked = (state, { data, frame }) =>
  amend(state, data.conversation_id, (known) => {
    const { username, message_id } = data;
    if (!data.me && !known.receipts?.length) state.stale.add(known.id);
    const read = frame.type == 'mark_read' ? message_id : 0;
    return { me: data.me ?? known.me, ...reached(known, username, read, message_id) };
  });

/** @type {Taker} */
const informed = (state, { data }) =>
  put(state, { ...state.conversations.get(data.id), ...data }); // the list tells no receipts

/** @type {Taker} */
const listed = (state, told) => {
  for (const data of told.data) informed(state, { ...told, data });
};

/** @type {Record<string, Taker>} */
export const conversationTakers = {
  create_conversation: created,
  add_members: joined,
  remove_member: left,
  leave_conversation: left,
  rename_conversation: described,
  set_topic: described,
  set_avatar: described,
  set_role: roleGiven,
  mute_conversation: described,
  archive_conversation: described,
  mark_read: marked,
  mark_delivered: marked,
  mark_unread: described,
  get_conversations: listed,
  get_conversation_info: informed,
};
