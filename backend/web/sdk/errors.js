/** What went wrong, in the server's words or in one of the library's own codes. */

/** @import { Refusal } from './parley.js' */

/**
 * A request that was refused or lost.
 *
 * `code` is one of the server's codes, or `offline` (nothing was sent), `uncertain` (sent, and the
 * connection was lost before the answer: it may have been carried out) or `stopped`.
 */
export class ParleyError extends Error {
  /** @override */
  name = 'ParleyError';

  /** @param {Refusal} refusal as a frame, or the JSON of an answer over HTTP, tells it */
  constructor({ error, code, field, retry_after_ms }) {
    super(error);
    this.code = code;
    /** The field of the request to mend, if it is about one. */
    this.field = field;
    /** Milliseconds until trying again makes sense, if the server says so. */
    this.retryAfter = retry_after_ms;
    /** Whether it may have been carried out all the same. */
    this.uncertain = code == 'uncertain';
  }
}
