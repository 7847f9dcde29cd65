/** Sending a file to the server, from where messages and profiles can name it. */

import { at } from './base.js';
import { t } from './texts.js';

/** @import { Attachment } from '../sdk/parley.js' */

/**
 * Upload a file; throws an Error that says why not.
 * @param {Blob} file
 * @param {string} name
 * @param {{ onProgress?: (part: number) => void, signal?: AbortSignal, duration_ms?: number }} [more] `part` is 0 to 1
 * @returns {Promise<Attachment>}
 */
export const upload = (file, name, { onProgress, signal, duration_ms } = {}) =>
  new Promise((resolve, reject) => {
    const request = new XMLHttpRequest(); // fetch tells no progress of what is sent
    const query = new URLSearchParams({ name, ...(duration_ms && { duration_ms: String(duration_ms) }) });
    request.open('POST', at(`/files?${query}`));
    request.setRequestHeader('Accept', 'application/json');
    request.setRequestHeader('Content-Type', 'application/octet-stream');
    request.responseType = 'json';
    request.upload.onprogress = ({ loaded, total }) => onProgress?.(loaded / total);
    request.onload = () =>
      request.status == 201 ? resolve(request.response) : reject(new Error(request.response?.error ?? t.failed));
    request.onerror = () => reject(new Error(t.failed));
    signal?.addEventListener('abort', () => request.abort());
    request.send(file);
  });
