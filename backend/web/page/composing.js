/** What the message being written is about: a reply to one, or another text for one of one's own. */

import { signal } from '../vendor/preact.js';

/** @import { Message } from '../sdk/parley.js' */

export const about = signal(
  /** @type {null | { type: 'reply' | 'edit', message: Message }} */ (null),
);
