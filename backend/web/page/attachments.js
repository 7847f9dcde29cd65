/** The files of a message: pictures, video, sound, and everything else to download. */

import { h, html } from '../vendor/preact.js';
import { at } from './base.js';
import { Icon } from './icons.js';
import { openPicture } from './lightbox.js';
import { Sound } from './sound.js';
import { t } from './texts.js';

/** @import { Attachment } from '../sdk/parley.js' */

const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'];

/**
 * A size in words.
 * @param {number} bytes
 */
export const sizeOf = (bytes) => {
  const power = Math.min(3, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  const options = { style: /** @type {const} */ ('unit'), unit: units[power] ?? 'byte', unitDisplay: /** @type {const} */ ('narrow'), maximumFractionDigits: 1 };
  return new Intl.NumberFormat(t.tag, options).format(bytes / 1000 ** power);
};

/** @param {{ file: Attachment }} props */
const One = ({ file }) => {
  const { name, mime_type, thumbnail, width, height, size, waveform } = file;
  const url = at(file.url);
  const kind = mime_type.split('/')[0];
  if (kind == 'image' && thumbnail) {
    return html`
      <button type="button" class="picture" aria-label=${`${t.photo} ${name}`} onClick=${() => openPicture(url, name)}>
        <img src=${at(thumbnail)} alt=${name} width=${width} height=${height} loading="lazy" />
      </button>
    `;
  }
  if (kind == 'video') return html`<video src=${url} controls preload="metadata" aria-label=${name} />`;
  if (kind == 'audio' && waveform) return h(Sound, { file: { ...file, url } });
  if (kind == 'audio') return html`<audio src=${url} controls preload="metadata" aria-label=${name} />`;
  return html`
    <a class="item" href=${url} download=${name}>
      ${h(Icon, { name: 'file' })}<span class="grow cut">${name}</span><span class="small soft">${sizeOf(size)}</span>
    </a>
  `;
};

/** @param {{ files: readonly Attachment[] }} props */
export const Attachments = ({ files }) =>
  html`<div class="files">${files.map((file) => h(One, { file }))}</div>`;
