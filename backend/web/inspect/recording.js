/** Recordings: what passed, as JSON lines, with every token blanked. */

/** @import { Direction } from './wire.js' */
/** @import { Entry } from './tape.js' */

/** @typedef {{ time: number, direction: Direction, text: string }} Line */

const BLANK = '•••';
const SECRET = /token|password|secret|authorization/i;
const JWT = /\beyJ[\w-]+\.[\w-]+\.[\w-]+/g;
const DIRECTIONS = ['in', 'out', 'open', 'close', 'fault'];

/**
 * What passed, a line each: `time` in milliseconds, `direction`, and the `frame` or the `text`.
 * @param {readonly Entry[]} entries
 */
export const recorded = (entries) =>
  entries
    .map(({ time, direction, frame, text }) => {
      const what = frame ? { frame: blanked(frame) } : { text: blanked(text) };
      return `${JSON.stringify({ time, direction, ...what })}\n`;
    })
    .join('');

/**
 * The lines of a recording; throws an Error that names the first that is none.
 * @param {string} text
 * @returns {Line[]}
 */
export const lines = (text) =>
  text.split('\n').filter((each) => each.trim()).map((each, index) => {
    const line = read(each);
    if (!line) throw new Error(`line ${index + 1} is not of a recording`);
    return line;
  });

/**
 * @param {string} text
 * @returns {Line | null}
 */
const read = (text) => {
  try {
    const { time, direction, frame, text: said } = JSON.parse(text);
    if (typeof time != 'number' || !DIRECTIONS.includes(direction)) return null;
    return { time, direction, text: frame ? JSON.stringify(frame) : String(said) };
  } catch {
    return null;
  }
};

/**
 * The same without tokens, wherever they stand in it.
 * @param {any} thing
 * @returns {any}
 */
const blanked = (thing) => {
  if (typeof thing == 'string') return thing.replace(JWT, BLANK);
  if (Array.isArray(thing)) return thing.map(blanked);
  if (typeof thing != 'object' || thing == null) return thing;
  const pairs = Object.entries(thing);
  return Object.fromEntries(
    pairs.map(([key, value]) => [key, SECRET.test(key) && typeof value == 'string' ? BLANK : blanked(value)]),
  );
};
