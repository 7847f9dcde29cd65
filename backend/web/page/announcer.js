/** What a screen reader says, and the title that counts what is unread. */

import { html, useEffect, useRef } from '../vendor/preact.js';
import { conversations, isMuted, nameOf, self, titleOf } from './chat.js';
import { notify } from './notifying.js';
import { place } from './route.js';
import { summary } from './system.js';
import { t } from './texts.js';

/** @import { Message } from '../sdk/parley.js' */

const SPOKEN = 10_000; // milliseconds until what was said is taken away: it may be deleted meanwhile

/** @param {Message} last */
const isOthers = (last) => last.kind == 'text' && last.sender_id != self.peek()?.id;

export const Announcer = () => {
  const region = useRef(/** @type {HTMLParagraphElement | null} */ (null));
  const newest = useRef(/** @type {number | null} */ (null));
  const say = (/** @type {string} */ text) => {
    if (region.current) region.current.textContent = text;
  };
  const all = conversations.value;
  const unread = all.reduce((sum, each) => sum + (isMuted(each) ? 0 : each.me.unread_count), 0);
  const latest = Math.max(0, ...all.map((each) => each.last_message?.id ?? 0));

  useEffect(() => {
    document.title = unread ? `(${unread}) ${t.name}` : t.name;
  }, [unread]);

  useEffect(() => {
    const before = newest.current;
    newest.current = latest;
    const conversation = all.find((each) => each.last_message?.id == latest);
    const last = conversation?.last_message;
    if (before == null || latest <= before || !conversation || !last || !isOthers(last)) return undefined;
    const said = t.saidBy(nameOf(last.sender_username), summary(last));
    if (!isMuted(conversation)) notify(conversation.id, titleOf(conversation), said);
    if (place.peek().conversation != conversation.id) return undefined;
    say(said);
    const timer = setTimeout(() => say(''), SPOKEN);
    return () => clearTimeout(timer);
  }, [latest]);

  return html`<p class="quiet" aria-live="polite" ref=${region}></p>`;
};
