/** What a client is made with, and what is taken where nothing is said. */

/** @import { Clock, ClientOptions } from './parley.js' */

import { indexedDbStorage, memoryStorage } from './storage.js';

/** @type {Clock} */
const CLOCK = {
  now: () => Date.now(),
  setTimeout: (then, ms) => setTimeout(then, ms),
  clearTimeout: (timer) => clearTimeout(/** @type {any} */ (timer)),
};

/** @param {ClientOptions} given */
export const settings = (given) => {
  const { url = globalThis.location?.origin, storage } = given;
  const isShared = storage == 'indexeddb';
  return {
    auth: globalThis.document ? /** @type {const} */ ('cookie') : /** @type {const} */ ('bearer'),
    WebSocket,
    fetch,
    clock: CLOCK,
    random: Math.random,
    locks: isShared ? navigator.locks : undefined,
    ...given,
    url,
    storage: isShared
      ? indexedDbStorage(`parley ${url}`)
      : typeof storage == 'object'
        ? storage
        : memoryStorage(),
  };
};
