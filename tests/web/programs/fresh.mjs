/** Whether what a client lived through is what is fetched afresh. */

import { isDeepStrictEqual } from 'node:util';
import { createClient } from '../../../backend/web/sdk/parley.js';
import { PASSWORD, isLive, until } from './support.mjs';

const SETTLE_MS = 5000; // marks and presence take their time

/** Compare until both are the same; throws when they do not become so. */
export const compare = async (client, url) => {
  const username = client.self.getSnapshot().username;
  for (const deadline = Date.now() + SETTLE_MS; ; ) {
    const fresh = createClient({ url });
    await fresh.auth.login({ username, password: PASSWORD });
    fresh.connect();
    await until(fresh, () => isLive(fresh));
    await client.request('ping');
    const differing = await differences(client, fresh);
    await fresh.auth.logout();
    if (!differing.length) return;
    if (Date.now() > deadline) throw new Error(`${username}\n${differing.join('\n')}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
};

const differences = async (lived, fresh) => {
  const found = [];
  const check = (where, a, b) => {
    if (!isDeepStrictEqual(a, b)) found.push(`${where}: lived ${show(a)}, fetched ${show(b)}`);
  };
  check('contacts', lived.contacts.getSnapshot().map(person), fresh.contacts.getSnapshot().map(person));
  const [mine, theirs] = [lived, fresh].map((each) => each.conversations.getSnapshot());
  check('conversations', mine.map((each) => each.id), theirs.map((each) => each.id));
  for (const known of mine) {
    const read = theirs.find((each) => each.id == known.id);
    if (!read) continue;
    // who blocks somebody is not found out: that their place is told no more, only reads say
    const counts = known.receipts && read.read_by_all_id != null;
    check(`conversation ${known.id}`, overview(known, counts), overview(read, counts));
    await compareMessages(lived.conversation(known.id), fresh.conversation(known.id), check);
  }
  return found;
};

/** What is shown is a part of what is there, with nothing missing in it. */
const compareMessages = async (lived, fresh, check) => {
  const shown = lived.getSnapshot();
  if (!shown.isLoaded) return;
  do await fresh.loadBefore();
  while (fresh.getSnapshot().moreBefore);
  const all = fresh.getSnapshot().messages;
  const [first, last] = [shown.messages[0]?.id ?? 0, shown.messages.at(-1)?.id ?? 0];
  const part = all.filter((each) => each.id >= first && each.id <= last);
  check(`messages of ${lived.id}`, shown.messages.map(message), part.map(message));
  check(`before those of ${lived.id}`, shown.moreBefore, all[0]?.id !== part[0]?.id);
  check(`after those of ${lived.id}`, shown.moreAfter, all.at(-1)?.id !== part.at(-1)?.id);
};

const person = ({ username, fullname, bio, is_online }) => [username, fullname, bio, !!is_online];

/** What is told of a conversation, with how far all have got if that `counts`. */
const overview = ({ participants, receipts, last_message, updated_at, ...told }, counts) => ({
  ...told,
  members: [...told.members].sort(),
  participants: participants.map((each) => each.username).sort(),
  last_message: last_message && message(last_message),
  ...(!counts && { read_by_all_id: null, delivered_to_all_id: null }),
});

/** A message without what only reads have. */
const message = ({ quote, me, ...told }) => ({ ...told, own: [...(me?.reactions ?? [])].sort() });

const show = (value) => JSON.stringify(value);
