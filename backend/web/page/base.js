/** Where the server is: this file, and what it is bundled into, lie two folders below. */

/** The server's address, without a slash at its end. */
export const SERVER = new URL('../..', import.meta.url).href.replace(/\/$/, '');

/**
 * The address of a path of the server's: of a file of its own, or one that it told.
 * @param {string} path
 */
export const at = (path) => SERVER + path;
