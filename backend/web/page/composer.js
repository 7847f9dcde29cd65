/** Where one writes. */

import { h, html, useEffect } from '../vendor/preact.js';
import { chat, self, tried, view } from './chat.js';
import { About, about } from './composing.js';
import { keepDraft } from './drafts.js';
import { useDropped } from './dropping.js';
import { Icon, IconButton } from './icons.js';
import { Suggestions } from './mentions.js';
import { pickEmoji } from './picker.js';
import { t } from './texts.js';
import { Tray, useTray } from './tray.js';
import { VoiceButton, canRecord } from './voice.js';
import { useWriting } from './writing.js';

/** On a phone Enter begins a line, and the button sends. */
const entersLine = matchMedia('(pointer: coarse)').matches;

/** @param {number} id */
const lastOwn = (id) =>
  view(id).peek().messages.findLast((each) => each.sender_id == self.peek()?.id && each.kind == 'text' && !each.deleted_at);

/** @param {{ id: number }} props */
export const Composer = ({ id }) => {
  const handle = chat.conversation(id);
  const { area, text, names, chosen, ...writing } = useWriting(id, view(id).value.conversation?.members ?? []);
  const tray = useTray();
  const isOver = useDropped(tray.add);
  const subject = about.value?.message.conversation_id == id ? about.value : null;
  const edited = subject?.type == 'edit' ? subject.message : null;
  const most = chat.limits['MAX_MESSAGE_LENGTH'] ?? 4000;
  const length = [...text].length;
  const isSendable = tray.isReady && length <= most && (!!text.trim() || tray.ids.length > 0);

  useEffect(() => {
    if (!entersLine) area.current?.focus();
    return () => handle.typing(false);
  }, [id]);
  useEffect(() => {
    if (edited) writing.write(edited.content ?? '');
    if (subject) area.current?.focus();
  }, [subject]);
  // what is written into an older message is no draft
  useEffect(() => {
    if (!about.peek() || about.peek()?.type == 'reply') keepDraft(id, text);
  }, [text]);

  const done = () => {
    about.value = null;
    tray.clear();
    writing.write('');
  };

  const send = () => {
    if (!isSendable) return;
    const content = text.trim();
    if (!edited) {
      handle.send(content, { ...(subject && { replyTo: subject.message.id }), files: tray.ids });
      handle.typing(false);
    } else if (content != edited.content) {
      tried(chat.request('edit_message', { message_id: edited.id, content }));
    }
    done();
  };

  const editLast = () => {
    const message = lastOwn(id);
    if (message) about.value = { type: 'edit', message };
  };

  /** @param {KeyboardEvent} event */
  const keyed = (event) => {
    if (event.isComposing) return; // the key belongs to the input method
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (names.length && step) writing.step(step);
    else if (names.length && /^(Enter|Tab)$/.test(event.key)) writing.complete(names[chosen] ?? '');
    else if (event.key == 'Enter' && !event.shiftKey && !entersLine) send();
    else if (event.key == 'ArrowUp' && !text) editLast();
    else if (event.key == 'Escape' && subject) done();
    else return;
    event.preventDefault();
  };

  const typed = () => {
    writing.read();
    if (!edited) handle.typing(!!area.current?.value);
  };

  /** @param {{ currentTarget: HTMLInputElement }} event */
  const attached = ({ currentTarget }) => {
    tray.add(currentTarget.files ?? []);
    currentTarget.value = '';
  };
  /** @param {ClipboardEvent} event */
  const pasted = (event) => {
    const { files } = event.clipboardData ?? {};
    if (!files?.length) return;
    event.preventDefault();
    tray.add(files);
  };

  return html`
    <div class="composer">
      ${names.length > 0 && h(Suggestions, { names, chosen, choose: writing.complete })}
      ${subject && h(About, { subject, cancel: done })}
      ${length > most && html`<p class="wrong" role="alert">${t.tooLong(most)}</p>`}
      ${h(Tray, tray)}
      ${isOver && html`<div class="drop">${t.dropHere}</div>`}
      <div class="box">
        <label class="icon" title=${t.attach}>
          ${h(Icon, { name: 'clip' })}
          <input class="quiet" type="file" multiple aria-label=${t.attach} onChange=${attached} />
        </label>
        <textarea ref=${area} rows="1" dir="auto" value=${text} placeholder=${t.write} aria-label=${t.write}
          onInput=${typed} onKeyDown=${keyed} onPaste=${pasted} onSelect=${writing.moved} />
        ${h(IconButton, { name: 'smile', label: t.emoji, onClick: () => pickEmoji(writing.insert) })}
        ${canRecord && !text.trim() && !tray.items.length && h(VoiceButton, { send: (file) => handle.send('', { files: [file] }) })}
        ${h(IconButton, { name: 'send', label: t.send, strong: true, disabled: !isSendable, onClick: send })}
      </div>
    </div>
  `;
};
