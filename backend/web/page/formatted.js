/** The tree of a formatted text as elements. */

import { h } from '../vendor/preact.js';
import { isEmoji, parse } from './format.js';

/** @import { Block, Inline } from './format.js' */
/** @import { VNode } from '../vendor/preact.js' */

/**
 * @param {Inline} piece
 * @returns {VNode | string}
 */
const inline = (piece) => {
  if (typeof piece == 'string') return piece;
  switch (piece.type) {
    case 'bold': return h('strong', null, piece.children.map(inline));
    case 'italic': return h('em', null, piece.children.map(inline));
    case 'code': return h('code', null, piece.text);
    case 'mention': return h('span', { class: 'mention' }, `@${piece.text}`);
    default: return h('a', { href: piece.href, target: '_blank', rel: 'noopener noreferrer' }, piece.text);
  }
};

/**
 * @param {Block} block
 * @returns {VNode}
 */
const one = (block) => {
  if (block.type == 'fence') return h('pre', { tabIndex: 0 }, block.text);
  if (block.type == 'text') return h('p', null, block.children.map(inline));
  return h(block.ordered ? 'ol' : 'ul', null, block.items.map((item) => h('li', null, item.map(inline))));
};

/**
 * What somebody wrote.
 * @param {{ text: string }} props
 */
export const Formatted = ({ text }) =>
  h('div', { class: `text ${isEmoji(text) ? 'only' : ''}` }, parse(text).map(one));
