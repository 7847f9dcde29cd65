/** A voice message: played, and seen by how loud it is. */

import { h, html, useRef, useState } from '../vendor/preact.js';
import { IconButton } from './icons.js';
import { t } from './texts.js';

/** @import { Attachment } from '../sdk/parley.js' */

/**
 * Seconds as minutes and seconds.
 * @param {number} seconds
 */
const clocked = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`;

/** @param {{ file: Attachment }} props */
export const Sound = ({ file: { url, name, duration_ms, waveform } }) => {
  const audio = useRef(/** @type {HTMLAudioElement | null} */ (null));
  const [isPlaying, setPlaying] = useState(false);
  const [at, setAt] = useState(0); // seconds
  const length = (duration_ms ?? 0) / 1000;
  const bars = waveform ?? [];
  const press = () => (isPlaying ? audio.current?.pause() : audio.current?.play().catch(() => {}));
  /** @param {{ currentTarget: HTMLInputElement }} event */
  const sought = ({ currentTarget: { value } }) => {
    if (audio.current) audio.current.currentTime = Number(value);
    setAt(Number(value));
  };
  return html`
    <div class="sound">
      <audio ref=${audio} src=${url} preload="none" onPlay=${() => setPlaying(true)} onPause=${() => setPlaying(false)}
        onEnded=${() => setAt(0)} onTimeUpdate=${() => setAt(audio.current?.currentTime ?? 0)} />
      ${h(IconButton, { name: isPlaying ? 'pause' : 'play', label: isPlaying ? t.pause : t.play, strong: true, onClick: press })}
      <span class="wave">
        <span class="bars" aria-hidden="true">
          ${bars.map((level, index) => html`
            <i class=${index / bars.length < at / length ? 'past' : ''} style=${{ height: `${Math.max(8, level)}%` }} />
          `)}
        </span>
        <input type="range" min="0" max=${length} step="0.1" value=${at} aria-label=${`${t.voiceMessage} ${name}`}
          aria-valuetext=${clocked(at)} onInput=${sought} />
      </span>
      <span class="small soft">${clocked(at || length)}</span>
    </div>
  `;
};
