/** Sending what was written: a new message, or another text for an older one. */

import { chat, tried } from './chat.js';
import { about } from './composing.js';

/** @import { ConversationStore } from '../sdk/parley.js' */
/** @import { Subject } from './composing.js' */
/** @import { Tray } from './tray.js' */
/** @import { Writing } from './writing.js' */

/**
 * @param {ConversationStore} handle
 * @param {Writing} writing
 * @param {Tray} tray
 * @param {Subject | null} subject
 */
export const useSending = (handle, { text, write }, tray, subject) => {
  const most = chat.limits['MAX_MESSAGE_LENGTH'] ?? 4000;
  const isTooLong = [...text].length > most;
  const isSendable = tray.isReady && !isTooLong && (!!text.trim() || tray.ids.length > 0);

  const done = () => {
    about.value = null;
    tray.clear();
    write('');
  };
  const send = () => {
    if (!isSendable) return;
    const content = text.trim();
    if (subject?.type != 'edit') {
      handle.send(content, { ...(subject && { replyTo: subject.message.id }), files: tray.ids });
      handle.typing(false);
    } else if (content != subject.message.content) {
      tried(chat.request('edit_message', { message_id: subject.message.id, content }));
    }
    done();
  };
  return { send, cancel: done, isSendable, most: isTooLong ? most : null };
};
