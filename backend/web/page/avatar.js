/** A person's or a group's picture, or their initials on a colour of their own. */

import { h } from '../vendor/preact.js';
import { at } from './base.js';

const HUES = [4, 28, 145, 165, 190, 212, 235, 255, 275, 300, 325, 345]; // white is read on each

/**
 * A hue that stays the same for a name; names that are alike have others (FNV-1a).
 * @param {string} name
 */
export const hueOf = (name) => {
  let sum = 0x811c9dc5;
  for (const letter of name) sum = Math.imul(sum ^ (letter.codePointAt(0) ?? 0), 0x01000193);
  return HUES[(sum >>> 8) % HUES.length] ?? 0;
};

/** @param {string} name */
const initials = (name) => {
  const words = name.trim().split(/[\s._-]+/).filter(Boolean);
  const letters = [words[0], words.length > 1 ? words.at(-1) : ''].map((word) => [...(word ?? '')][0] ?? '');
  return letters.join('').toUpperCase() || '?';
};

/**
 * @param {{ name: string, picture?: string | null | undefined, online?: boolean | null | undefined,
 *   size?: 'little' | 'big' | '', group?: boolean }} props
 */
export const Avatar = ({ name, picture, online, size = '', group = false }) =>
  h(
    'span',
    {
      class: `avatar ${size} ${group ? 'group' : ''}`,
      style: { '--tint': `hsl(${hueOf(name)} 45% 35%)` },
      'aria-hidden': 'true',
    },
    picture ? h('img', { src: at(size == 'big' ? picture : picture.replace(/512$/, '96')), alt: '', loading: 'lazy' }) : initials(name),
    online && h('span', { class: 'dot' }),
  );
