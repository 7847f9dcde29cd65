/** Beginning a conversation: with one person it is direct, with several a group. */

import { h, html, useState } from '../vendor/preact.js';
import { begin } from './begun.js';
import { Dialog, close, open } from './dialogs.js';
import { openDirect } from './direct.js';
import { Finder } from './finder.js';
import { t } from './texts.js';

/** @import { User } from '../sdk/parley.js' */

export const openNewChat = () => open(() => h(NewChat, {}));

const NewChat = () => {
  const [chosen, setChosen] = useState(/** @type {User[]} */ ([]));
  const [name, setName] = useState('');
  const members = chosen.map((each) => each.username);

  const start = () => {
    const called = name.trim();
    if (members[0] && members.length == 1 && !called) openDirect(members[0]);
    else begin({ members, kind: 'group', ...(called && { name: called }) });
  };

  return html`
    <${Dialog} title=${t.newChat}>
      <div class="stack">
        <div class="chips" hidden=${!chosen.length}>
          ${chosen.map((each) => html`
            <button type="button" key=${each.id} class="chip" aria-label=${`${t.remove} ${each.fullname}`}
              onClick=${() => setChosen(chosen.filter((other) => other != each))}>${each.fullname} ×</button>
          `)}
        </div>
        ${h(Finder, { choose: (user) => setChosen([...chosen, user]), without: members })}
        ${members.length > 0 && html`
          <label>${t.groupName}
            <input class="field" value=${name} maxlength="100" placeholder=${t.groupNameHint}
              onInput=${(/** @type {{ currentTarget: HTMLInputElement }} */ event) => setName(event.currentTarget.value)} />
          </label>
        `}
      </div>
      <footer>
        <button type="button" class="button plain" onClick=${close}>${t.cancel}</button>
        <button type="button" class="button" disabled=${!members.length} onClick=${start}>${t.start}</button>
      </footer>
    </${Dialog}>
  `;
};
