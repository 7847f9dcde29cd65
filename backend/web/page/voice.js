/** Recording a voice message: one press begins, the next sends. */

import { h, useEffect, useRef, useState } from '../vendor/preact.js';
import { tried, trouble } from './chat.js';
import { IconButton } from './icons.js';
import { t } from './texts.js';
import { upload } from './uploading.js';

export const canRecord = !!globalThis.navigator?.mediaDevices && 'MediaRecorder' in globalThis;

/** @param {{ send: (file: number) => void }} props */
export const VoiceButton = ({ send }) => {
  const recorder = useRef(/** @type {MediaRecorder | null} */ (null));
  const [isRecording, setRecording] = useState(false);
  useEffect(() => () => quiet(recorder.current), []);

  const begin = async () => {
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
      const began = performance.now();
      const made = new MediaRecorder(stream);
      made.ondataavailable = async ({ data }) => {
        quiet(made);
        if (!recorder.current) return;
        const duration_ms = Math.round(performance.now() - began);
        const file = await tried(upload(data, `voice.${data.type.includes('mp4') ? 'm4a' : 'webm'}`, { duration_ms }));
        if (file) send(file.id);
      };
      made.start();
      recorder.current = made;
      setRecording(true);
    } catch {
      trouble.value = t.noMicrophone;
    }
  };
  const end = () => {
    recorder.current?.stop();
    setRecording(false);
  };
  return isRecording
    ? h(IconButton, { name: 'stop', label: t.stopVoice, strong: true, onClick: end })
    : h(IconButton, { name: 'mic', label: t.voice, onClick: begin });
};

/** @param {MediaRecorder | null} recorder */
const quiet = (recorder) => recorder?.stream.getTracks().forEach((track) => track.stop());
