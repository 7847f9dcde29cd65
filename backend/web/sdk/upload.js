/** Uploading a file; loaded when the first one is. */

/** @import { UploadOptions } from './parley.js' */
/** @import { Attachment } from './wire.js' */
/** @import { Auth } from './auth.js' */

/**
 * Upload a file, to be sent by its id.
 * @param {Auth} auth
 * @param {Blob} file
 * @param {UploadOptions} options
 * @returns {Promise<Attachment>}
 */
export const upload = (auth, file, { onProgress, signal, ...about }) => {
  const query = new URLSearchParams({ name: /** @type {any} */ (file).name ?? 'file' });
  for (const [name, value] of Object.entries(about)) query.set(name, String(value));
  const headers = { 'Content-Type': file.type || 'application/octet-stream' };
  const init = { body: file, headers, signal: signal ?? null };
  // only the older interface tells how much has gone out
  const way = onProgress && globalThis.XMLHttpRequest && { fetch: telling(onProgress) };
  return auth.authorized('POST', `/files?${query}`, { ...init, ...way });
};

/**
 * `fetch` that tells how much of the body has been sent, from 0 up to 1.
 * @param {(share: number) => void} onProgress
 * @returns {(address: string, init: any) => Promise<Response>}
 */
const telling =
  (onProgress) =>
  (address, { method, headers, body, signal, credentials }) =>
    new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      request.open(method, address);
      request.withCredentials = credentials == 'include';
      for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
      request.upload.onprogress = ({ loaded, total }) => onProgress(loaded / total);
      request.onload = () => resolve(new Response(request.response, { status: request.status }));
      request.onerror = request.onabort = reject;
      signal?.addEventListener('abort', () => request.abort());
      request.send(body);
    });
