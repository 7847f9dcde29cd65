/**
 * The client library of Parley: connects and stays so, keeps what it is told in order, and sends
 * what was written while offline. docs/client.md explains it, `parley.d.ts` types it.
 */

import { Client } from './client.js';

export { ParleyError } from './errors.js';

/** @type {typeof import('./parley.js').createClient} */
export const createClient = (options = {}) => /** @type {any} */ (new Client(options));
