/** What a group is called, what it is about, and its picture, for those who may change them. */

import { html } from '../vendor/preact.js';
import { chat, tried } from './chat.js';
import { t } from './texts.js';

/** @import { KnownConversation } from '../sdk/parley.js' */

/** @param {{ conversation: KnownConversation }} props */
export const Group = ({ conversation: { id, name, named, topic } }) => {
  /** @param {SubmitEvent & { currentTarget: HTMLFormElement }} event */
  const save = async (event) => {
    event.preventDefault();
    const read = (/** @type {string} */ field) => String(new FormData(event.currentTarget).get(field)).trim();
    const [toName, toTopic] = [read('name'), read('topic')];
    if (toName && (toName != name || !named)) await tried(chat.request('rename_conversation', { conversation_id: id, name: toName }));
    if (toTopic != topic) await tried(chat.request('set_topic', { conversation_id: id, topic: toTopic }));
  };
  /** @param {{ currentTarget: HTMLInputElement }} event */
  const picture = async ({ currentTarget: { files } }) => {
    const file = files?.[0] && (await tried(chat.upload(files[0])));
    if (file) await tried(chat.request('set_avatar', { conversation_id: id, avatar: file.id }));
  };
  return html`
    <form class="stack" style="margin-top: 16px" onSubmit=${save}>
      <label class="button plain pick">${t.picture}<input class="quiet" type="file" accept="image/*" onChange=${picture} /></label>
      <label>${t.groupName}<input class="field" name="name" maxlength="100" value=${named ? name : ''} placeholder=${name} /></label>
      <label>${t.topic}<input class="field" name="topic" maxlength="250" value=${topic} /></label>
      <button class="button plain">${t.save}</button>
    </form>
  `;
};
