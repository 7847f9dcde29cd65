/** The button for a voice message: one press begins, the next sends. */

import { h, html, useEffect, useRef, useState } from '../vendor/preact.js';
import { chat, tried, trouble } from './chat.js';
import { IconButton } from './icons.js';
import { Recording, canRecord } from './recording.js';
import { t } from './texts.js';

export { canRecord };

/** @param {{ send: (file: number) => void }} props */
export const VoiceButton = ({ send }) => {
  const recording = useRef(/** @type {Recording | null} */ (null));
  const [isRecording, setRecording] = useState(false);
  const end = () => {
    const ended = recording.current?.stop();
    recording.current = null;
    setRecording(false);
    return ended;
  };
  useEffect(() => () => void end(), []);

  const begin = async () => {
    try {
      recording.current = await Recording.begin();
      setRecording(true);
    } catch {
      trouble.value = t.noMicrophone;
    }
  };
  const finish = async () => {
    const recorded = await end();
    if (!recorded) return;
    const { blob, ...about } = recorded;
    const name = `voice.${blob.type.includes('mp4') ? 'm4a' : 'webm'}`;
    const file = await tried(chat.upload(blob, { name, ...about }));
    if (file) send(file.id);
  };
  if (!isRecording) return h(IconButton, { name: 'mic', label: t.voice, onClick: begin });
  return html`
    ${h(IconButton, { name: 'close', label: t.discard, onClick: end })}
    <span class="recording" role="status">${t.recording}</span>
    ${h(IconButton, { name: 'stop', label: t.stopVoice, strong: true, onClick: finish })}
  `;
};
