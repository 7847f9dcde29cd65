/** Where one writes. */

import { h, html, useEffect, useLayoutEffect, useRef, useState } from '../vendor/preact.js';
import { chat, nameOf, self, tried, view } from './chat.js';
import { about } from './composing.js';
import { drafts, keepDraft } from './drafts.js';
import { Icon, IconButton } from './icons.js';
import { Suggestions, completed, mentionAt } from './mentions.js';
import { pickEmoji } from './picker.js';
import { summary } from './system.js';
import { t } from './texts.js';
import { Tray, useTray } from './tray.js';
import { VoiceButton, canRecord } from './voice.js';

/** On a phone Enter begins a line, and the button sends. */
const entersLine = matchMedia('(pointer: coarse)').matches;

/** @param {{ id: number }} props */
export const Composer = ({ id }) => {
  const area = useRef(/** @type {HTMLTextAreaElement | null} */ (null));
  const [text, setText] = useState(drafts.peek()[id] ?? '');
  const [caret, setCaret] = useState(0);
  const [chosen, setChosen] = useState(0);
  const [isOver, setOver] = useState(false); // files are held over the page
  const tray = useTray();
  const handle = chat.conversation(id);
  const subject = about.value?.message.conversation_id == id ? about.value : null;
  const most = chat.limits['MAX_MESSAGE_LENGTH'] ?? 4000;
  const length = [...text].length;
  const mention = mentionAt(text, caret, view(id).value.conversation?.members ?? []);

  useEffect(() => {
    if (!matchMedia('(pointer: coarse)').matches) area.current?.focus();
    return () => handle.typing(false);
  }, [id]);
  useEffect(() => {
    if (subject?.type == 'edit') write(subject.message.content ?? '');
    if (subject) area.current?.focus();
  }, [subject]);
  useLayoutEffect(() => {
    const element = area.current;
    if (!element) return;
    element.style.height = '0';
    element.style.height = `${element.scrollHeight}px`;
  }, [text]);

  const isSendable = tray.isReady && length <= most && (!!text.trim() || tray.ids.length > 0);
  useEffect(() => dropping(setOver, tray.add), []);

  /**
   * @param {string} next
   * @param {number} [at] where the caret goes
   */
  const write = (next, at = next.length) => {
    setText(next);
    setCaret(at);
    setChosen(0);
    if (about.peek()?.type != 'edit') keepDraft(id, next);
    requestAnimationFrame(() => area.current?.setSelectionRange(at, at));
  };

  /** @param {string} piece */
  const insert = (piece) => {
    const from = area.current?.selectionStart ?? text.length;
    write(text.slice(0, from) + piece + text.slice(area.current?.selectionEnd ?? from), from + piece.length);
    area.current?.focus();
  };

  const done = () => {
    about.value = null;
    tray.clear();
    write('');
  };

  const send = () => {
    const content = text.trim();
    if (!isSendable) return;
    if (subject?.type == 'edit') {
      const { id: message_id, content: before } = subject.message;
      if (content != before) tried(chat.request('edit_message', { message_id, content }));
    } else {
      handle.send(content, { ...(subject && { replyTo: subject.message.id }), files: tray.ids });
      handle.typing(false);
    }
    done();
  };

  /** @param {string} username */
  const complete = (username) => {
    const [next, at] = completed(text, caret, username);
    write(next, at);
    area.current?.focus();
  };

  const editLast = () => {
    const own = view(id).peek().messages.findLast((each) => each.sender_id == self.peek()?.id && each.kind == 'text' && !each.deleted_at);
    if (own) about.value = { type: 'edit', message: own };
  };

  /** @param {KeyboardEvent} event */
  const keyed = (event) => {
    if (event.isComposing) return; // the key belongs to the input method
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (mention.length && step) {
      setChosen((chosen + step + mention.length) % mention.length);
    } else if (mention.length && (event.key == 'Enter' || event.key == 'Tab')) {
      complete(mention[chosen] ?? '');
    } else if (event.key == 'Enter' && !event.shiftKey && !entersLine) {
      send();
    } else if (event.key == 'ArrowUp' && !text) {
      editLast();
    } else if (event.key == 'Escape' && subject) {
      done();
    } else return;
    event.preventDefault();
  };

  /** @param {{ currentTarget: HTMLTextAreaElement }} event */
  const typed = ({ currentTarget: { value, selectionStart } }) => {
    setText(value);
    setCaret(selectionStart);
    setChosen(0);
    if (subject?.type == 'edit') return;
    keepDraft(id, value);
    handle.typing(value.length > 0);
  };

  /** @param {{ currentTarget: HTMLInputElement }} event */
  const chosenFiles = ({ currentTarget }) => {
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
      ${mention.length > 0 && h(Suggestions, { names: mention, chosen, choose: complete })}
      ${subject && html`
        <div class="about">
          <div class="grow">
            <b>${subject.type == 'edit' ? t.editing : t.replyTo(nameOf(subject.message.sender_username))}</b>
            <div class="cut soft" dir="auto">${summary(subject.message)}</div>
          </div>
          ${h(IconButton, { name: 'close', label: t.cancel, onClick: done })}
        </div>
      `}
      ${length > most && html`<p class="wrong" role="alert">${t.tooLong(most)}</p>`}
      ${h(Tray, tray)}
      ${isOver && html`<div class="drop">${t.dropHere}</div>`}
      <div class="box">
        <label class="icon" title=${t.attach}>
          ${h(Icon, { name: 'clip' })}
          <input class="quiet" type="file" multiple aria-label=${t.attach} onChange=${chosenFiles} />
        </label>
        <textarea ref=${area} rows="1" dir="auto" value=${text} placeholder=${t.write} aria-label=${t.write}
          onInput=${typed} onKeyDown=${keyed} onPaste=${pasted}
          onSelect=${() => setCaret(area.current?.selectionStart ?? 0)} />
        ${h(IconButton, { name: 'smile', label: t.emoji, onClick: () => pickEmoji(insert) })}
        ${canRecord && !text.trim() && !tray.items.length && h(VoiceButton, { send: (file) => handle.send('', { files: [file] }) })}
        ${h(IconButton, { name: 'send', label: t.send, strong: true, disabled: !isSendable, onClick: send })}
      </div>
    </div>
  `;
};

/**
 * Take files that are dropped anywhere on the page; gives the way to stop.
 * @param {(isOver: boolean) => void} over
 * @param {(files: FileList) => void} take
 */
const dropping = (over, take) => {
  /** @param {DragEvent} event */
  const moved = (event) => {
    if (!event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    over(event.type == 'dragover');
    if (event.type == 'drop') take(event.dataTransfer.files);
  };
  const names = /** @type {const} */ (['dragover', 'dragleave', 'drop']);
  for (const name of names) document.addEventListener(name, moved);
  return () => {
    for (const name of names) document.removeEventListener(name, moved);
  };
};
