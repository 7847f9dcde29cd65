/** Telling others: events by name, and stores that fit React's useSyncExternalStore. */

/** @import { Store } from './parley.js' */

/**
 * Listeners that are called in the order they came; what one throws is reported to the page, and
 * keeps nobody else from being told.
 * @template T
 */
export const signal = () => {
  /** @type {Set<(value: T) => void>} */
  const listeners = new Set();
  return {
    listeners,
    /**
     * Add a listener; gives the way to take it off.
     * @param {(value: T) => void} listener
     */
    add(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    /** @param {T} value */
    tell(value) {
      for (const listener of listeners) {
        try {
          listener(value);
        } catch (error) {
          Promise.reject(error); // nobody handles it, so it is reported
        }
      }
    },
  };
};

/**
 * A store whose snapshot stays the same object until `changed`.
 * @template T
 * @param {() => T} read
 * @returns {Store<T> & { changed(): void, isWatched(): boolean }}
 */
export const store = (read) => {
  const changes = signal();
  /** @type {{ value: T } | null} */
  let kept = null;
  return {
    subscribe: (listener) => changes.add(() => listener()),
    getSnapshot: () => (kept ??= { value: read() }).value,
    changed() {
      kept = null;
      changes.tell(undefined);
    },
    isWatched: () => changes.listeners.size > 0,
  };
};
