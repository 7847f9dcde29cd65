/** Where what outlives a connection is kept: in memory, or in IndexedDB for all tabs. */

/** @import { Storage } from './parley.js' */

const TABLE = 'kept';

/** @returns {Storage} */
export const memoryStorage = () => {
  /** @type {Map<string, unknown>} */
  const kept = new Map();
  const under = (/** @type {string} */ prefix) =>
    [...kept.keys()].filter((key) => key.startsWith(prefix));
  return {
    get: async (key) => kept.get(key),
    set: async (key, value) => void kept.set(key, value),
    list: async (prefix) => under(prefix).map((key) => kept.get(key)),
    remove: async (prefix) => under(prefix).forEach((key) => kept.delete(key)),
    watch: () => {},
  };
};

/**
 * What every tab of this origin shares under a name.
 * @param {string} name
 * @returns {Storage}
 */
export const indexedDbStorage = (name) => {
  const channel = new BroadcastChannel(name);
  /** @type {Promise<IDBDatabase> | undefined} */
  let opened;
  /**
   * @template T
   * @param {IDBTransactionMode} mode
   * @param {(table: IDBObjectStore) => IDBRequest<T>} act
   * @returns {Promise<T>}
   */
  const run = async (mode, act) => {
    const database = await (opened ??= open(name));
    return new Promise((resolve, reject) => {
      const transaction = database.transaction(TABLE, mode);
      const request = act(transaction.objectStore(TABLE));
      transaction.oncomplete = () => {
        resolve(request.result);
        if (mode == 'readwrite') channel.postMessage(0);
      };
      transaction.onabort = () => reject(transaction.error);
    });
  };
  return {
    get: (key) => run('readonly', (table) => table.get(key)),
    set: (key, value) => run('readwrite', (table) => table.put(value, key)),
    list: (prefix) => run('readonly', (table) => table.getAll(under(prefix))),
    remove: (prefix) => run('readwrite', (table) => table.delete(under(prefix))),
    watch: (listener) => {
      channel.onmessage = listener;
    },
  };
};

/** @param {string} prefix */
const under = (prefix) => IDBKeyRange.bound(prefix, `${prefix}\uffff`);

/**
 * @param {string} name
 * @returns {Promise<IDBDatabase>}
 */
const open = (name) =>
  new Promise((resolve, reject) => {
    const request = indexedDB.open(name, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(TABLE);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
