/** Where two states differ, and whether what was lived through is what is fetched. */

/** @import { Message } from '../sdk/wire.js' */
/** @import { Known, State } from '../sdk/state.js' */

import { byId } from './life.js';

/** @typedef {{ path: string, before: unknown, after: unknown }} Difference */

/**
 * The paths at which two plain things differ, with what stands there; undefined is nothing.
 * @param {any} before
 * @param {any} after
 * @param {string} [path]
 * @returns {Difference[]}
 */
export const differences = (before, after, path = '') => {
  if (Object.is(before, after)) return [];
  if (!isBranch(before) || !isBranch(after)) return [{ path, before, after }];
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return keys.flatMap((key) => differences(before[key], after[key], path ? `${path}.${key}` : key));
};

/**
 * @param {unknown} thing
 * @returns {boolean}
 */
const isBranch = (thing) => typeof thing == 'object' && thing != null;

/**
 * Where what was lived through is not what was fetched.
 * @param {State} lived
 * @param {State} fetched at least what was lived through
 */
export const compare = (lived, fetched) =>
  differences(told(lived, lived, fetched), told(fetched, lived, fetched));

/**
 * What of a state events tell, as far as one who lived through them can know it.
 * @param {State} state one of both:
 * @param {State} lived
 * @param {State} fetched
 */
const told = (state, lived, fetched) => ({
  self: person(state.self),
  contacts: Object.fromEntries(
    [...state.contacts].map(([name, each]) => [
      name,
      { ...person(each), is_online: state.online.has(name) },
    ]),
  ),
  conversations: Object.fromEntries(
    [...state.conversations].map(([id, each]) => {
      // who blocks somebody is not found out: that their place is told no more, only reads say
      const isCounted =
        lived.conversations.get(id)?.receipts &&
        fetched.conversations.get(id)?.read_by_all_id != null;
      return [id, overview(each, !!isCounted)];
    }),
  ),
  messages: Object.fromEntries(
    [...lived.timelines.keys()].map((id) => [id, byId(shown(state, lived, id).map(message))]),
  ),
});

/** @param {{ username: string, fullname: string, bio: string, avatar: string | null } | null} person */
const person = (person) =>
  person && { username: person.username, fullname: person.fullname, bio: person.bio, avatar: person.avatar };

/**
 * @param {Known} conversation
 * @param {boolean} isCounted whether how far all have got can be compared
 */
const overview = ({ participants, receipts, last_message, updated_at, ...rest }, isCounted) => ({
  ...rest,
  members: [...rest.members].sort(),
  participants: participants.map((each) => each.username).sort(),
  last_message: last_message && message(last_message),
  ...(!isCounted && { read_by_all_id: null, delivered_to_all_id: null }),
});

/**
 * The messages of a state that one who lived through it has to have.
 * @param {State} state
 * @param {State} lived
 * @param {number} id
 */
const shown = (state, lived, id) => {
  const windows = lived.timelines.get(id) ?? [];
  const all = (state.timelines.get(id) ?? []).flatMap((each) => each.messages);
  return all.filter(({ id: at }) =>
    windows.some(({ messages, moreBefore, moreAfter }) => {
      const low = moreBefore ? (messages[0]?.id ?? Infinity) : 0;
      return at >= low && (!moreAfter || at <= (messages.at(-1)?.id ?? 0));
    }),
  );
};

/**
 * A message without what only reads have.
 * @param {Message} message
 */
const message = ({ quote, me, ...rest }) => ({ ...rest, own: [...(me?.reactions ?? [])].sort() });
