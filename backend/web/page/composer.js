/** Where one writes. */

import { h, html, useEffect } from '../vendor/preact.js';
import { chat, view } from './chat.js';
import { About, useSubject, useTakingUp } from './composing.js';
import { useDraft } from './drafts.js';
import { takePasted, useDropped } from './dropping.js';
import { IconButton } from './icons.js';
import { Suggestions, useMentions } from './mentions.js';
import { pickEmoji } from './picker.js';
import { useSending } from './sending.js';
import { t } from './texts.js';
import { AttachButton, TrayList, useTray } from './tray.js';
import { VoiceButton, canRecord } from './voice.js';
import { useWriting } from './writing.js';

/** On a phone Enter begins a line, and the button sends. */
const entersLine = matchMedia('(pointer: coarse)').matches;

/**
 * Whether a key means something else than text here; then that is done.
 * @param {KeyboardEvent} event
 * @param {{ mentions: ReturnType<typeof useMentions>, sending: ReturnType<typeof useSending>, takeUp: (() => void) | null, isAbout: boolean }} keys
 */
const isMeant = ({ key, shiftKey, isComposing }, { mentions, sending, takeUp, isAbout }) => {
  if (isComposing) return false; // the key belongs to the input method
  if (mentions.pressed(key)) return true;
  if (key == 'Enter' && !shiftKey && !entersLine) sending.send();
  else if (key == 'ArrowUp' && takeUp) takeUp();
  else if (key == 'Escape' && isAbout) sending.cancel();
  else return false;
  return true;
};

/** @param {{ id: number | string }} props */
export const Composer = ({ id }) => {
  const handle = chat.conversation(id);
  const writing = useWriting(id);
  const { area, text } = writing;
  const mentions = useMentions(writing, view(id).value.conversation?.members ?? []);
  const tray = useTray();
  const isOver = useDropped(tray.add);
  const subject = useSubject(handle, writing);
  const sending = useSending(handle, writing, tray, subject);
  const takeUp = useTakingUp(id, !!text);
  useEffect(() => {
    if (!entersLine) area.current?.focus();
    return () => handle.typing(false);
  }, [id]);
  useDraft(id, text);

  const keys = { mentions, sending, takeUp: text ? null : takeUp, isAbout: !!subject };
  const typed = () => {
    writing.read();
    if (subject?.type != 'edit') handle.typing(!!area.current?.value);
  };
  return html`
    <div class="composer">
      ${mentions.names.length > 0 && h(Suggestions, mentions)}
      ${subject && h(About, { subject, cancel: sending.cancel })}
      ${sending.most && html`<p class="wrong" role="alert">${t.tooLong(sending.most)}</p>`}
      ${h(TrayList, tray)}
      ${isOver && html`<div class="drop">${t.dropHere}</div>`}
      <div class="box">
        ${h(AttachButton, tray)}
        <textarea ref=${area} rows="1" dir="auto" value=${text} placeholder=${t.write} aria-label=${t.write} onInput=${typed}
          onKeyDown=${(/** @type {KeyboardEvent} */ event) => isMeant(event, keys) && event.preventDefault()}
          onPaste=${(/** @type {ClipboardEvent} */ event) => takePasted(event, tray.add)} onSelect=${writing.moved} />
        ${h(IconButton, { name: 'smile', label: t.emoji, onClick: () => pickEmoji(writing.insert) })}
        ${canRecord && !text.trim() && !tray.items.length && h(VoiceButton, { send: (file) => handle.send('', { files: [file] }) })}
        ${h(IconButton, { name: 'send', label: t.send, strong: true, disabled: !sending.isSendable, onClick: sending.send })}
      </div>
    </div>
  `;
};
