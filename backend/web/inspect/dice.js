/** What may go wrong with a frame that arrives, determined by a seed. */

/** @typedef {'cut' | 'half-open' | 'delay' | 'double' | number} Fate a number: this close code */

const CODES = [1001, 1006, 1009, 4400, 4408, 4429];

/**
 * Numbers from 0 up to 1 that a seed determines (mulberry32).
 * @param {number} seed
 */
const dice = (seed) => () => {
  seed = (seed + 0x6d2b79f5) | 0;
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
};

/**
 * The fate of one frame after the other; null is none.
 * @param {number} seed
 * @returns {() => Fate | null}
 */
export const fates = (seed) => {
  const roll = dice(seed);
  return () => {
    const [chance, which] = [roll(), roll()];
    if (chance < 0.03) return 'cut';
    if (chance < 0.035) return 'half-open';
    if (chance < 0.08) return 'delay';
    if (chance < 0.13) return 'double';
    return chance < 0.16 ? (CODES[Math.floor(which * CODES.length)] ?? null) : null;
  };
};
