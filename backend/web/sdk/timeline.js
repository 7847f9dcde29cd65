/**
 * The loaded parts of a conversation's messages: windows, oldest message first, that never overlap.
 *
 * Within a window no message is missing. At most one is live: it reaches up to the newest message,
 * and what arrives is added to it. Two windows become one when a page shows that they touch.
 */

/** @import { Message, MessagesData } from './wire.js' */

/**
 * @typedef {object} Window
 * @property {Message[]} messages
 * @property {boolean} moreBefore
 * @property {boolean} moreAfter false: the live one
 */
/** @typedef {{ before?: number | null, after?: number | null }} Asked */

/** @typedef {Window & { from?: number, to?: number }} Part `from` and `to`: what was asked for */

/** @param {Part} part */
const low = ({ from, messages }) => from ?? messages[0]?.id ?? Infinity;

/** @param {Part} part */
const high = ({ to, messages, moreAfter }) =>
  to ?? (moreAfter ? (messages.at(-1)?.id ?? 0) : Infinity);

/**
 * Take in a page that was read with `asked`; it is newer than anything known of its messages.
 * @param {readonly Window[]} windows
 * @param {MessagesData} page
 * @param {Asked} asked
 * @returns {Window[]}
 */
export const withPage = (windows, page, { before, after }) => {
  /** @type {Part} */
  const read = {
    messages: page.messages.toReversed(),
    moreBefore: page.more_before,
    moreAfter: page.more_after,
  };
  read.from = Math.min(low(read), before ?? Infinity, after ?? Infinity);
  read.to = Math.max(high(read), before ?? 0, after ?? 0);
  const touching = windows.filter((each) => low(each) <= high(read) && high(each) >= low(read));
  const rest = windows.filter((each) => !touching.includes(each));
  // where both reach equally far, the page knows more only of the side that was asked for
  const lowest = least(before == null ? [...touching, read] : [read, ...touching], low);
  const highest = least([...touching, read], (part) => -high(part));
  const byId = new Map([...touching, read].flatMap((w) => w.messages).map((m) => [m.id, m]));
  const messages = [...byId.values()].sort((a, b) => a.id - b.id);
  const joined = { messages, moreBefore: lowest.moreBefore, moreAfter: highest.moreAfter };
  return [...rest, joined].sort((a, b) => low(a) - low(b));
};

/**
 * The first of those with the least value.
 * @param {Part[]} parts
 * @param {(part: Part) => number} value
 */
const least = (parts, value) =>
  parts.reduce((best, each) => (value(each) < value(best) ? each : best));

/**
 * Add a message that was just sent, which only the live window takes.
 * @param {readonly Window[]} windows
 * @param {Message} message
 */
export const withNewest = (windows, message) =>
  windows.map((each) =>
    each.moreAfter ? each : { ...each, messages: [...each.messages, message] },
  );

/**
 * Change the messages that `change` gives something new for.
 * @param {readonly Window[]} windows
 * @param {(message: Message) => Message} change
 */
export const withChange = (windows, change) =>
  windows.map((each) => ({ ...each, messages: each.messages.map(change) }));

/**
 * The window a message is in, or the live one for null.
 * @param {readonly Window[]} windows
 * @param {number | null} id
 */
export const windowWith = (windows, id) =>
  windows.find((each) => (id == null ? !each.moreAfter : low(each) <= id && id <= high(each)));
