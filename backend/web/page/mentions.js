/** Completing the name of somebody who is mentioned. */

import { h, html } from '../vendor/preact.js';
import { Avatar } from './avatar.js';
import { people, self } from './chat.js';

const BEGUN = /(?<![\w@.])@([\w.-]*)$/;

/**
 * The usernames that what stands before the caret may become, the likeliest first.
 * @param {string} text
 * @param {number} caret
 * @param {readonly string[]} members
 */
export const mentionAt = (text, caret, members) => {
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
export const completed = (text, caret, username) => {
  const before = text.slice(0, caret).replace(BEGUN, `@${username} `);
  return [before + text.slice(caret), before.length];
};

/** @param {{ names: string[], chosen: number, choose: (name: string) => void }} props */
export const Suggestions = ({ names, chosen, choose }) => html`
  <ul class="suggest" role="listbox" aria-label="@">
    ${names.map((name, at) => html`
      <li key=${name} role="option" class="item" aria-selected=${at == chosen}
        onMouseDown=${(/** @type {Event} */ event) => { event.preventDefault(); choose(name); }}>
        ${h(Avatar, { name: people.value.get(name)?.fullname ?? name, size: 'little' })}
        <span class="grow cut">${people.value.get(name)?.fullname ?? name} <span class="soft">@${name}</span></span>
      </li>
    `)}
  </ul>
`;
