/** What stands in a timeline: messages, those not sent yet, and lines between days. */

import { dayOf } from './dates.js';

/** @import { Message, OutboxItem } from '../sdk/parley.js' */
/**
 * @typedef {{ key: string, type: 'day', at: number }
 *   | { key: string, type: 'fresh' }
 *   | { key: string, type: 'message', message: Message, continues: boolean }
 *   | { key: string, type: 'queued', item: OutboxItem }} Row
 */

const TOGETHER = 5 * 60; // seconds between messages that are shown as one group

/**
 * The same before and after it is sent, so that its element stays.
 * @param {Message} message
 */
const keyOf = ({ id, client_id }) => (client_id ? `c${client_id}` : `m${id}`);

/**
 * Whether a message goes on what the one before it began.
 * @param {Message | undefined} before
 * @param {Message} message
 */
const continues = (before, message) =>
  before?.kind == 'text' &&
  message.kind == 'text' &&
  before.sender_id == message.sender_id &&
  message.sent_at - before.sent_at < TOGETHER;

/**
 * @param {readonly Message[]} messages oldest first
 * @param {readonly OutboxItem[]} queued
 * @param {number | null} firstUnread the message that the line of new ones stands over
 * @param {Message} [before] the message before the first of these
 * @returns {Row[]}
 */
export const rowsOf = (messages, queued, firstUnread, before) => {
  /** @type {Row[]} */
  const rows = [];
  for (const message of messages) {
    const day = dayOf(message.sent_at);
    const isNewDay = !before || dayOf(before.sent_at) != day;
    const isFresh = message.id == firstUnread;
    if (isNewDay) rows.push({ key: `d${day}`, type: 'day', at: message.sent_at });
    if (isFresh) rows.push({ key: 'fresh', type: 'fresh' });
    const goesOn = !isNewDay && !isFresh && continues(before, message);
    rows.push({ key: keyOf(message), type: 'message', message, continues: goesOn });
    before = message;
  }
  for (const item of queued) rows.push({ key: `c${item.id}`, type: 'queued', item });
  return rows;
};
