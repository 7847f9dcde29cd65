/**
 * Simple formatting, as a tree of its own: **bold**, *italic*, `code`, fenced code, lists, links
 * and @mentions. Nothing here is markup; the view makes elements of the tree.
 */

/**
 * @typedef {string
 *   | { type: 'bold' | 'italic', children: Inline[] }
 *   | { type: 'code' | 'mention', text: string }
 *   | { type: 'link', text: string, href: string }} Inline
 */
/**
 * @typedef {{ type: 'text', children: Inline[] }
 *   | { type: 'fence', text: string }
 *   | { type: 'list', ordered: boolean, items: Inline[][] }} Block
 */

const FENCE = /^```[^\n`]*$/;
const ITEM = /^(?:[-*•]|\d{1,9}[.)]) +(?=\S)/;
const MARKS =
  /`([^`\n]+)`|\*\*(?=\S)([^\n]*?\S)\*\*|(?<![\w*])\*(?=[^\s*])([^*\n]*?[^\s*])\*(?![\w*])|(?<!\w)_(?=\S)([^_\n]*?\S)_(?!\w)|(https?:\/\/[^\s<>"'`]+)|(?<![\w@.])@([\w.-]*\w)/gu;

/**
 * The blocks of a text, in order.
 * @param {string} text
 * @returns {Block[]}
 */
export const parse = (text) => {
  /** @type {Block[]} */
  const blocks = [];
  const lines = text.split('\n');
  for (let at = 0; at < lines.length; ) {
    const [block, next] = fence(lines, at) ?? list(lines, at) ?? plain(lines, at);
    blocks.push(block);
    at = next;
  }
  return blocks;
};

/**
 * @param {string[]} lines
 * @param {number} at
 * @returns {[Block, number] | null}
 */
const fence = (lines, at) => {
  if (!FENCE.test(lines[at] ?? '')) return null;
  const end = lines.indexOf('```', at + 1);
  return end < 0 ? null : [{ type: 'fence', text: lines.slice(at + 1, end).join('\n') }, end + 1];
};

/**
 * @param {string[]} lines
 * @param {number} at
 * @returns {[Block, number] | null}
 */
const list = (lines, at) => {
  const ordered = /^\d/.test(lines[at] ?? '');
  let end = at;
  while (ITEM.test(lines[end] ?? '') && /^\d/.test(lines[end] ?? '') == ordered) end += 1;
  // one line alone is what somebody wrote, such as "3. November"
  if (end - at < 2) return null;
  const items = lines.slice(at, end).map((line) => inline(line.replace(ITEM, '')));
  return [{ type: 'list', ordered, items }, end];
};

/**
 * @param {string[]} lines
 * @param {number} at
 * @returns {[Block, number]}
 */
const plain = (lines, at) => {
  let end = at + 1;
  while (end < lines.length && !fence(lines, end) && !list(lines, end)) end += 1;
  return [{ type: 'text', children: inline(lines.slice(at, end).join('\n')) }, end];
};

/**
 * The pieces of a text without blocks.
 * @param {string} text
 * @param {number} [depth]
 * @returns {Inline[]}
 */
export const inline = (text, depth = 0) => {
  /** @type {Inline[]} */
  const found = [];
  let done = 0;
  for (const match of depth < 4 ? text.matchAll(MARKS) : []) {
    const piece = made(match, depth);
    if (match.index > done) found.push(text.slice(done, match.index));
    found.push(piece);
    done = match.index + match[0].length;
    const rest = piece instanceof Object && piece.type == 'link' ? match[0].slice(piece.text.length) : '';
    if (rest) found.push(rest);
  }
  if (done < text.length) found.push(text.slice(done));
  return found;
};

/**
 * @param {RegExpMatchArray} match
 * @param {number} depth
 * @returns {Inline}
 */
const made = ([whole, code, bold, star, line, link, mention], depth) => {
  if (code != null) return { type: 'code', text: code };
  if (bold != null) return { type: 'bold', children: inline(bold, depth + 1) };
  const italic = star ?? line;
  if (italic != null) return { type: 'italic', children: inline(italic, depth + 1) };
  if (mention != null) return { type: 'mention', text: mention };
  return linked(link ?? whole);
};

/**
 * A link without the punctuation that follows it in a sentence; text if it is none.
 * @param {string} text
 * @returns {Inline}
 */
const linked = (text) => {
  let shown = text.replace(/[.,;:!?*_]+$/, '');
  if (shown.endsWith(')') && !shown.includes('(')) shown = shown.slice(0, -1);
  if (!URL.canParse(shown)) return text;
  return { type: 'link', text: shown, href: new URL(shown).href };
};

/**
 * The text alone, for lists and notifications.
 * @param {string} text
 */
export const flat = (text) => {
  /** @type {(piece: Inline) => string} */
  const one = (piece) => {
    if (typeof piece == 'string') return piece;
    if (piece.type == 'mention') return `@${piece.text}`;
    return 'children' in piece ? piece.children.map(one).join('') : piece.text;
  };
  const all = parse(text).map((block) => {
    if (block.type == 'fence') return block.text;
    if (block.type == 'list') return block.items.map((item) => item.map(one).join('')).join(' ');
    return block.children.map(one).join('');
  });
  return all.join(' ').replace(/\s+/g, ' ').trim();
};

/**
 * Whether a text is a few emoji and nothing else, to be shown large.
 * @param {string} text
 */
export const isEmoji = (text) =>
  /^(?:\p{Extended_Pictographic}(?:\p{Emoji_Modifier}|\uFE0F|\u200D\p{Extended_Pictographic})*\s*){1,3}$/u.test(text);
