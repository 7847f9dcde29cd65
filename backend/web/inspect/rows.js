/** What stands in the list of frames: one row each, and one for all that a resume brought. */

/** @import { Entry } from './tape.js' */

/** @typedef {{ id: number, entries: readonly Entry[], isComplete: boolean }} Fold from `resume` on */

/**
 * @param {readonly Entry[]} entries
 * @returns {(Entry | Fold)[]}
 */
export const rowsOf = (entries) => {
  /** @type {(Entry | Fold)[]} */
  const rows = [];
  /** @type {Entry[] | null} */
  let fold = null;
  const close = () => {
    if (fold?.[0]) rows.push({ id: fold[0].id, entries: fold, isComplete: fold.at(-1)?.frame?.type == 'resumed' });
    fold = null;
  };
  for (const entry of entries) {
    const { direction, frame } = entry;
    if (direction == 'close' || direction == 'open') close();
    if (direction == 'in' && frame?.type == 'resume') fold = [];
    if (fold) fold.push(entry);
    else rows.push(entry);
    if (direction == 'in' && frame?.type == 'resumed') close();
  }
  close();
  return rows;
};

/**
 * What a row says, in a few words.
 * @param {Entry} entry
 */
export const summary = ({ direction, frame, text }) => {
  if (!frame) return direction == 'out' ? text : '';
  if (frame.success === false) return `${frame.code}: ${frame.error}`;
  const { type, ref, success, cursor, at, data = {}, ...fields } = frame;
  const told = direction == 'out' ? fields : data;
  if (type == 'resume') return `${told.status}${told.reason ? ` (${told.reason})` : ''}`;
  if (typeof told == 'string') return told;
  return JSON.stringify(told).slice(1, 200).replace(/[}\]]$/, '');
};

/**
 * The time a request took, in milliseconds, of itself or its reply.
 * @param {Entry} entry
 */
export const took = ({ time, mate }) => (mate ? Math.abs(mate.time - time) : null);

/** @param {number} time */
export const clockTime = (time) => new Date(time).toISOString().slice(11, 23);
