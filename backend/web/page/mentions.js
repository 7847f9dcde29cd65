/** Completing the name of somebody who is mentioned. */

import { h, html, useLayoutEffect, useState } from '../vendor/preact.js';
import { Avatar } from './avatar.js';
import { people, self } from './chat.js';

/** @import { Writing } from './writing.js' */

const BEGUN = /(?<![\w@.])@([\w.-]*)$/;

/**
 * The usernames that what stands before the caret may become, the likeliest first.
 * @param {string} text
 * @param {number} caret
 * @param {readonly string[]} members
 */
const mentionAt = (text, caret, members) => {
  const begun = BEGUN.exec(text.slice(0, caret))?.[1]?.toLowerCase();
  if (begun == null) return [];
  const known = people.value;
  return members
    .filter((name) => name != self.value?.username && name.toLowerCase() != begun)
    .filter((name) => `${name} ${known.get(name)?.fullname ?? ''}`.toLowerCase().split(' ').some((word) => word.startsWith(begun)))
    .slice(0, 6);
};

/**
 * The text with the name in it, and where the caret is then.
 * @param {string} text
 * @param {number} caret
 * @param {string} username
 * @returns {[string, number]}
 */
const completed = (text, caret, username) => {
  const before = text.slice(0, caret).replace(BEGUN, `@${username} `);
  return [before + text.slice(caret), before.length];
};

/**
 * Whom what is being written may be about to mention. `pressed` takes a key, and gives whether it
 * was about them.
 * @param {Writing} writing
 * @param {readonly string[]} members
 */
export const useMentions = ({ text, caret, area, write }, members) => {
  const [chosen, choose] = useState(0);
  const names = mentionAt(text, caret, members);
  useLayoutEffect(() => choose(0), [text]);
  /** @param {string} username */
  const complete = (username) => {
    write(...completed(text, caret, username));
    area.current?.focus();
  };
  /** @param {string} key */
  const pressed = (key) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[key];
    if (!names.length) return false;
    if (step) choose((chosen + step + names.length) % names.length);
    else if (/^(Enter|Tab)$/.test(key)) complete(names[chosen] ?? '');
    else return false;
    return true;
  };
  return { names, chosen, complete, pressed };
};

/** @param {Pick<ReturnType<typeof useMentions>, 'names' | 'chosen' | 'complete'>} props */
export const Suggestions = ({ names, chosen, complete }) => html`
  <ul class="suggest" role="listbox" aria-label="@">
    ${names.map((name, at) => html`
      <li key=${name} role="option" class="item" aria-selected=${at == chosen}
        onMouseDown=${(/** @type {Event} */ event) => { event.preventDefault(); complete(name); }}>
        ${h(Avatar, { name: people.value.get(name)?.fullname ?? name, size: 'little' })}
        <span class="grow cut">${people.value.get(name)?.fullname ?? name} <span class="soft">@${name}</span></span>
      </li>
    `)}
  </ul>
`;
