/** The place of a row in a timeline. */

import { h, html } from '../vendor/preact.js';
import { dayName } from './dates.js';
import { Message } from './message.js';
import { Queued } from './queued.js';
import { t } from './texts.js';

/** @import { Row } from './rows.js' */

/**
 * @param {Row} row
 * @param {boolean} isGroup
 * @param {number | null} target the message that one came for
 */
const drawn = (row, isGroup, target) => {
  if (row.type == 'day') return html`<div class="day" role="separator">${dayName(row.at)}</div>`;
  if (row.type == 'fresh') return html`<div class="fresh" role="separator">${t.newMessages}</div>`;
  if (row.type == 'queued') return h(Queued, { item: row.item });
  const { message, continues } = row;
  // reading signals, it is drawn anew only when one of these is another (see @preact/signals)
  return h(Message, { message, continues, isGroup, flash: message.id == target });
};

/**
 * What is to stay in its place on the screen has a `data-key`: lines do not, they move to whatever
 * message begins a day.
 * @param {{ row: Row, isGroup: boolean, target: number | null }} props
 */
export const Slot = ({ row, isGroup, target }) => {
  const isLine = row.type == 'day' || row.type == 'fresh';
  return h('div', { 'data-key': isLine ? undefined : row.key, class: 'slot' }, drawn(row, isGroup, target));
};
