/** Checking what was typed for a field against what `help` tells of it. */

/** @import { FieldHelp } from '../sdk/wire.js' */

/** @typedef {{ value?: unknown, wrong?: string }} Checked without a value: the field is left out */

const LIMIT = /^(?:(\d+) to (\d+)|at least (\d+)|at most (\d+))/;

/**
 * The value of what was typed, or what is wrong with it. Nothing leaves the field out, `null` is
 * null where that may be, and `""` is an empty text.
 * @param {FieldHelp} help
 * @param {string} text
 * @returns {Checked}
 */
export const check = (help, text) => {
  if (text == '') return help.required ? { wrong: 'has to be given' } : {};
  const kinds = help.type.split(' or ');
  if (text == 'null' && kinds.includes('null')) return { value: null };
  const [kind = 'string'] = kinds;
  const read = kind.startsWith('list of ') ? list(kind, text) : simple(kinds, text);
  return read.wrong ? read : bounded(help.limit ?? '', read.value);
};

/**
 * @param {readonly string[]} kinds
 * @param {string} text
 * @returns {Checked}
 */
const simple = (kinds, text) => {
  const [kind] = kinds;
  if (kind == 'string') return { value: text == '""' ? '' : text };
  if (kind == 'integer') return /^-?\d{1,16}$/.test(text) ? { value: Number(text) } : { wrong: 'an integer' };
  const words = kind == 'boolean' ? ['true', 'false'] : kinds;
  if (!words.includes(text)) return { wrong: words.join(' or ') };
  return { value: kind == 'boolean' ? text == 'true' : text };
};

/**
 * @param {string} kind
 * @param {string} text the items between commas; `[]` for none
 * @returns {Checked}
 */
const list = (kind, text) => {
  if (text == '[]') return { value: [] };
  const items = text.split(',').map((each) => each.trim()).filter(Boolean);
  const read = items.map((each) => simple([kind.slice('list of '.length).replace(/s$/, '')], each));
  return read.find((each) => each.wrong) ?? { value: read.map((each) => each.value) };
};

/**
 * @param {string} limit in words, as `help` has it
 * @param {unknown} value
 * @returns {Checked}
 */
const bounded = (limit, value) => {
  const found = LIMIT.exec(limit);
  if (!found) return { value };
  const low = Number(found[1] ?? found[3] ?? 0);
  const high = Number(found[2] ?? found[4] ?? Infinity);
  const size = sizeOf(value);
  return size == null || (size >= low && size <= high) ? { value } : { wrong: limit };
};

/** @param {unknown} value */
const sizeOf = (value) => {
  if (typeof value == 'number') return value;
  if (typeof value == 'string') return [...value].length;
  return Array.isArray(value) ? value.length : null;
};
