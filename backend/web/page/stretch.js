/** The stretch of the loaded messages that is drawn: it moves with who reads. */

import { useState } from '../vendor/preact.js';

/** @import { Message } from '../sdk/parley.js' */

const SHOWN = 100; // messages that are elements
const NEAR = 900; // pixels from an edge at which the stretch moves
const STEP = 12; // messages it moves by: few, so that a frame has little to draw
const STRIDE = 40; // and when one is about to run into the edge

/**
 * @typedef {object} Stretch
 * @property {number} first the index of the first message drawn
 * @property {number} last the index after the last
 * @property {(id: number | null) => void} endAt draw up to this message; null: the newest
 * @property {(edge: number) => void} older move to what is older, that many pixels from the edge
 * @property {(edge: number) => void} newer
 */

/** @param {number} edge pixels to it */
export const isNear = (edge) => edge < NEAR;

/** @param {number} edge */
const step = (edge) => (edge < NEAR / 3 ? STRIDE : STEP);

/**
 * @param {readonly Message[]} messages
 * @param {boolean} moreAfter whether the newest of them is not the newest there is
 * @returns {Stretch}
 */
export const useStretch = (messages, moreAfter) => {
  const [end, endAt] = useState(/** @type {number | null} */ (null));
  const last = (end == null ? -1 : messages.findLastIndex((each) => each.id <= end)) + 1 || messages.length;
  const idBefore = (/** @type {number} */ index) => messages[index - 1]?.id ?? null;
  return {
    first: Math.max(0, last - SHOWN),
    last,
    endAt,
    older: (edge) => endAt(idBefore(Math.max(SHOWN, last - step(edge)))),
    newer(edge) {
      const to = last + step(edge);
      // up to the newest it follows what comes, unless that is not what comes next
      endAt(to < messages.length || moreAfter ? idBefore(Math.min(to, messages.length)) : null);
    },
  };
};
