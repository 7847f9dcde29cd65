/** Downloading everything the server has of oneself. */

import { ParleyError } from '../sdk/parley.js';
import { at } from './base.js';
import { t } from './texts.js';

/**
 * Ask for the data and hand it to the browser as a file; throws ParleyError.
 * @param {string} password
 */
export const exportData = async (password) => {
  const answer = await fetch(at('/auth/export'), {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
    body: JSON.stringify({ password }),
  });
  if (!answer.ok) throw new ParleyError({ error: t.failed, code: 'forbidden', ...(await answer.json()) });
  const link = document.createElement('a');
  link.href = URL.createObjectURL(await answer.blob());
  link.download = 'parley.json';
  link.click();
  URL.revokeObjectURL(link.href);
};
