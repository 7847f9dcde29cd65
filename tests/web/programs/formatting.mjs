// Properties of the page's formatting, on random texts made of what means something in it.
import assert from 'node:assert/strict';

import { flat, isEmoji, parse } from '../../../backend/web/page/format.js';

const PIECES = [
  '*', '**', '_', '`', '```', '\n', '- ', '1. ', ' ', 'a', 'word', '@bob', '@', '.', ')', '(',
  'https://example.org/a_b*c', 'http://', 'javascript:alert(1)', '<b>', '&amp;', 'é', '👍', '\\', '\u202e',
];
let seed = 20251121;
const random = (below) => {
  seed = (seed * 1103515245 + 12345) % 2147483648;
  return Math.floor((seed / 2147483648) * below);
};

const walk = (pieces, see) => {
  for (const piece of pieces) {
    see(piece);
    if (piece.children) walk(piece.children, see);
    for (const item of piece.items ?? []) walk(item, see);
  }
};
// Letters and figures are never markers, but for those of a numbered list and after a fence.
const words = (text) => text.replace(/^```.*$/gm, '').replace(/^\d+[.)] +/gm, '').match(/[\p{L}\p{N}]+/gu) ?? [];

for (let round = 0; round < 20_000; round += 1) {
  const text = Array.from({ length: random(14) }, () => PIECES[random(PIECES.length)]).join('');
  const tree = parse(text);
  let said = '';
  walk(tree, (piece) => {
    if (typeof piece == 'string') said += ` ${piece}`;
    else if (piece.text != null) said += ` ${piece.text}`;
    if (piece.type == 'link') assert.match(piece.href, /^https?:\/\/./, text);
  });
  const kept = words(said).join('');
  assert.ok(words(text).every((word) => kept.includes(word)), JSON.stringify(text));
  assert.equal(typeof flat(text), 'string');
  assert.equal(isEmoji(text) && /[a-z]/.test(text), false, text);
}

assert.deepEqual(parse('a **b *c* d**'), [
  { type: 'text', children: ['a ', { type: 'bold', children: ['b ', { type: 'italic', children: ['c'] }, ' d'] }] },
]);
assert.deepEqual(parse('- a\n- b'), [{ type: 'list', ordered: false, items: [['a'], ['b']] }]);
assert.deepEqual(parse('```js\n*x*\n```'), [{ type: 'fence', text: '*x*' }]);
assert.deepEqual(parse('see https://a.b/c.'), [
  { type: 'text', children: ['see ', { type: 'link', text: 'https://a.b/c', href: 'https://a.b/c' }, '.'] },
]);
assert.deepEqual(parse('snake_case_name 2*3*4'), [{ type: 'text', children: ['snake_case_name 2*3*4'] }]);

for (const hostile of ['*a', '_a ', '`', '**', '@', '```\n', '- a\n', 'https://', '**a ']) {
  const began = performance.now();
  parse(hostile.repeat(4000 / hostile.length));
  assert.ok(performance.now() - began < 200, `slow: ${hostile}`);
}
