/** The files that were shared in a conversation, newest first. */

import { h, html, useEffect, useState } from '../vendor/preact.js';
import { Attachments } from './attachments.js';
import { chat, view } from './chat.js';
import { t } from './texts.js';

/** @import { SharedFile } from '../sdk/parley.js' */

const PAGE = 12;

/** @param {{ id: number }} props */
export const Shared = ({ id }) => {
  const [files, setFiles] = useState(/** @type {readonly SharedFile[]} */ ([]));
  const [next, setNext] = useState(/** @type {number | null} */ (null));
  const known = view(id).value.messages.findLast((each) => each.attachments.length && !each.deleted_at)?.id;

  /** @param {number | null} before */
  const load = async (before) => {
    const reply = await chat
      .request('get_files', { conversation_id: id, limit: PAGE, ...(before && { before }) })
      .catch(() => null);
    if (!reply) return;
    setFiles((all) => (before ? [...all, ...reply.data.files] : reply.data.files));
    setNext(reply.next ?? null);
  };
  useEffect(() => {
    load(null);
  }, [id, known]);

  return html`
    <h3>${t.files}</h3>
    ${files.length ? h(Attachments, { files }) : html`<p class="soft small">${t.noFiles}</p>`}
    ${next && html`<button type="button" class="link" onClick=${() => load(next)}>${t.more}</button>`}
  `;
};
