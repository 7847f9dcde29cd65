/** What went wrong, in the server's words or in one of the library's own codes. */

/** @import { ErrorCode } from './parley.js' */

/**
 * A request that was refused or lost.
 *
 * `code` is one of the server's codes, or `offline` (nothing was sent), `uncertain` (sent, and the
 * connection was lost before the answer: it may have been carried out) or `stopped`.
 */
export class ParleyError extends Error {
  /** @override */
  name = 'ParleyError';

  /**
   * @param {string} message
   * @param {ErrorCode} code
   * @param {{ field?: string | undefined, retry_after_ms?: number | undefined }} [more]
   */
  constructor(message, code, more = {}) {
    super(message);
    this.code = code;
    /** The field of the request to mend, if it is about one. */
    this.field = more.field;
    /** Milliseconds until trying again makes sense, if the server says so. */
    this.retryAfter = more.retry_after_ms;
    /** Whether it may have been carried out all the same. */
    this.uncertain = code == 'uncertain';
  }
}

/**
 * The error that a frame, or the JSON of an answer over HTTP, tells.
 * @param {{ error: string, code: ErrorCode, field?: string, retry_after_ms?: number }} told
 */
export const errorOf = (told) => new ParleyError(told.error, told.code, told);
