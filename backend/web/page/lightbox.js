/** A picture as large as the window. */

import { h, html } from '../vendor/preact.js';
import { Modal, close, open } from './dialogs.js';

/**
 * @param {string} url
 * @param {string} name
 */
export const openPicture = (url, name) =>
  open(() => h(Modal, { class: 'lightbox', label: name }, html`<img src=${url} alt=${name} onClick=${close} />`));
