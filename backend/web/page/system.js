/** What a message says in one line, and the sentence of a system message. */

import { nameOf } from './chat.js';
import { flat } from './format.js';
import { t } from './texts.js';

/** @import { Message } from '../sdk/parley.js' */

/**
 * The sentence of a system message, in the page's language.
 * @param {Message} message
 */
export const sentence = ({ action, actor, subjects, text, content, sender_username }) => {
  const who = nameOf(actor ?? sender_username);
  const whom = new Intl.ListFormat(t.tag).format(subjects.map(nameOf));
  const role = text && text in t.roles ? t.roles[/** @type {keyof typeof t.roles} */ (text)] : '';
  switch (action) {
    case 'created': return t.created(who);
    case 'added': return t.added(who, whom);
    case 'removed': return t.removed(who, whom);
    case 'left': return t.left(who);
    case 'renamed': return t.renamed(who, text ?? '');
    case 'role': return t.roleGiven(who, whom, role);
    default: return content ?? '';
  }
};

/**
 * A message in one line.
 * @param {Message} message
 */
export const summary = (message) => {
  if (message.kind == 'system') return sentence(message);
  if (message.deleted_at) return t.deleted;
  return flat(message.content ?? '') || attached(message);
};

/**
 * What a message without words brings.
 * @param {Message} message
 */
const attached = ({ attachments: [first] }) => {
  if (!first) return t.file;
  if (first.waveform) return t.voiceMessage;
  return first.thumbnail ? t.photo : first.name;
};
