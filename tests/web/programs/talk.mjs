/** Two people talk: what each sees, step by step. */

import assert from 'node:assert/strict';
import { ParleyError } from '../../../backend/web/sdk/parley.js';
import { join, tell, until } from './support.mjs';

const [alice, bob] = [await join('alice'), await join('bob')];
const { data } = await alice.request('create_conversation', { members: ['bob'], kind: 'direct' });
const [hers, his] = [alice.conversation(data.id), bob.conversation(data.id)];
const texts = (conversation) => conversation.getSnapshot().messages.map((each) => each.content);

const seen = [];
hers.subscribe(() => seen.push([texts(hers).length, hers.getSnapshot().queued.length].join(' and ')));
hers.send('hello');
assert.equal(hers.getSnapshot().queued[0].request.content, 'hello', 'shown at once');
await until(alice, () => texts(hers).length == 1 && !alice.outbox.list().length);
assert(!seen.includes('1 and 1'), `never both sent and waiting: ${seen}`);

await until(bob, () => bob.conversations.getSnapshot()[0]?.me.unread_count == 1);
await his.loadBefore();
assert.deepEqual(texts(his), ['hello']);
await his.markRead();
assert.equal(his.getSnapshot().conversation.me.unread_count, 0);
const message = hers.getSnapshot().messages[0];
await until(alice, () => hers.getSnapshot().conversation.read_by_all_id == message.id);

his.typing();
await until(alice, () => hers.getSnapshot().typing.includes('bob'));
his.send('hello yourself', { replyTo: message.id });
await until(alice, () => texts(hers).length == 2);
assert.deepEqual(hers.getSnapshot().typing, []);

await alice.request('add_reaction', { message_id: message.id, emoji: '👍' });
assert.deepEqual(hers.getSnapshot().messages[0].me.reactions, ['👍']);
await until(bob, () => his.getSnapshot().messages[0].reactions[0]?.count == 1);

await assert.rejects(
  bob.request('edit_message', { message_id: message.id, content: 'mine' }),
  (error) => error instanceof ParleyError && error.code == 'forbidden' && error.field == 'message_id',
);

const { id } = await alice.upload(new File(['miaow'], 'cat.txt', { type: 'text/plain' }));
hers.send('', { files: [id] });
await until(bob, () => texts(his).length == 3);
assert.equal(his.getSnapshot().messages[2].attachments[0].name, 'cat.txt');

alice.disconnect();
hers.send('later');
assert.equal(hers.getSnapshot().queued.length, 1);
alice.connect();
await until(bob, () => texts(his).at(-1) == 'later');
await until(alice, () => texts(hers).at(-1) == 'later' && !alice.outbox.list().length);

await alice.auth.logout();
assert.deepEqual([alice.status.state, alice.conversations.getSnapshot()], ['idle', []]);
await assert.rejects(alice.request('self'), { code: 'stopped' });
bob.disconnect();
tell('talked');
