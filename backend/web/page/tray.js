/** The files that go with the message being written: uploaded at once, shown until it is sent. */

import { h, html, useState } from '../vendor/preact.js';
import { chat } from './chat.js';
import { Icon, IconButton } from './icons.js';
import { t } from './texts.js';

/** @typedef {{ key: number, name: string, part: number, id: number | null, error: string, stop: () => void }} Item */

let keys = 0;

/** @typedef {ReturnType<typeof useTray>} Tray */

/** The files of one message. */
export const useTray = () => {
  const [items, setItems] = useState(/** @type {Item[]} */ ([]));

  /**
   * @param {number} key
   * @param {Partial<Item>} values
   */
  const change = (key, values) =>
    setItems((all) => all.map((each) => (each.key == key ? { ...each, ...values } : each)));

  /** @param {Iterable<File>} files */
  const add = (files) => {
    for (const file of files) {
      keys += 1;
      const key = keys;
      const stopped = new AbortController();
      const item = { key, name: file.name, part: 0, id: null, error: '', stop: () => stopped.abort() };
      setItems((all) => [...all, item]);
      chat.upload(file, { signal: stopped.signal, onProgress: (part) => change(key, { part }) }).then(
        ({ id }) => change(key, { id, part: 1 }),
        ({ message }) => change(key, { error: message }),
      );
    }
  };
  /** @param {Item} item */
  const remove = (item) => {
    item.stop();
    setItems((all) => all.filter(({ key }) => key != item.key));
  };
  const ids = items.flatMap(({ id }) => (id == null ? [] : [id]));
  return { items, add, remove, ids, isReady: ids.length == items.length, clear: () => setItems([]) };
};

/** @param {{ items: Item[], remove: (item: Item) => void }} props */
export const TrayList = ({ items, remove }) =>
  items.length > 0 && html`
    <ul class="tray">
      ${items.map((item) => html`
        <li key=${item.key} class="file">
          ${h(Icon, { name: 'file' })}
          <span class="cut grow">${item.name}</span>
          ${item.error
            ? html`<span class="wrong" role="alert">${item.error}</span>`
            : item.id == null && html`<progress value=${item.part} aria-label=${item.name} />`}
          ${h(IconButton, { name: 'close', label: t.removeFile(item.name), onClick: () => remove(item) })}
        </li>
      `)}
    </ul>
  `;

/** @param {{ add: (files: Iterable<File>) => void }} props */
export const AttachButton = ({ add }) => {
  /** @param {{ currentTarget: HTMLInputElement }} event */
  const chosen = ({ currentTarget }) => {
    add(currentTarget.files ?? []);
    currentTarget.value = '';
  };
  return html`
    <label class="icon" title=${t.attach}>
      ${h(Icon, { name: 'clip' })}
      <input class="quiet" type="file" multiple aria-label=${t.attach} onChange=${chosen} />
    </label>
  `;
};
