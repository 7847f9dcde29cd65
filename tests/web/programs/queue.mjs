/** A thousand messages are written offline, and sent in order to a server that takes only so many. */

import assert from 'node:assert/strict';
import { compare } from './fresh.mjs';
import { join, options, tell, until } from './support.mjs';

const COUNT = 1000;
const [alice, bob] = [await join('alice'), await join('bob')];
const { data } = await alice.request('create_conversation', { members: ['bob'], kind: 'direct' });
const [hers, his] = [alice.conversation(data.id), bob.conversation(data.id)];
await until(bob, () => bob.conversations.getSnapshot().length == 1);
await his.loadBefore();

alice.disconnect();
const written = Array.from({ length: COUNT }, (_, number) => `message ${number}`);
for (const text of written) hers.send(text);
const codes = new Set();
alice.on('status', ({ code }) => code && codes.add(code));
alice.connect();
await until(alice, () => alice.status.state == 'live' && !alice.outbox.list().length, 60_000);
await until(bob, () => his.getSnapshot().messages.length >= COUNT);
assert.deepEqual(his.getSnapshot().messages.map(({ content }) => content), written);
assert.deepEqual([...codes], [], 'never sent away');
await compare(alice, options.url);
tell('sent');
process.exit(0);
