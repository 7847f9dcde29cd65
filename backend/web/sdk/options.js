/** What a client is made with, and what is taken where nothing is said. */

/** @import { Clock, ClientOptions, Storage } from './parley.js' */

import { indexedDbStorage, memoryStorage } from './storage.js';

/** @type {Clock} */
const CLOCK = {
  now: () => Date.now(),
  setTimeout: (then, ms) => setTimeout(then, ms),
  clearTimeout: (timer) => clearTimeout(/** @type {any} */ (timer)),
};

/** @param {ClientOptions} options */
export const settings = ({
  url = globalThis.location?.origin,
  auth = globalThis.document ? 'cookie' : 'bearer',
  storage = 'memory',
  WebSocket = globalThis.WebSocket,
  fetch = globalThis.fetch.bind(globalThis),
  clock = CLOCK,
  random = Math.random,
  locks = storage == 'indexeddb' ? navigator.locks : undefined,
}) => ({ url, auth, storage: opened(storage, url), WebSocket, fetch, clock, random, locks });

/**
 * @param {'memory' | 'indexeddb' | Storage} storage
 * @param {string} url
 * @returns {Storage}
 */
const opened = (storage, url) => {
  if (storage == 'memory') return memoryStorage();
  return storage == 'indexeddb' ? indexedDbStorage(`parley ${url}`) : storage;
};
