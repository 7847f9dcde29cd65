/** A conversation is begun offline, in one of two tabs that share a queue. */

import '../../node/node_modules/fake-indexeddb/auto/index.mjs';
import assert from 'node:assert/strict';
import { again, begun, join, tell, until } from './support.mjs';

const storage = 'indexeddb';
const [alice, tab, bob] = [
  await join('alice', { storage }),
  await again('alice', { storage }),
  await join('bob'),
];
const texts = (handle) => handle.getSnapshot().messages.map((each) => each.content);

for (const [writer, sender] of [[alice, tab], [alice, alice]]) {
  for (const each of [alice, tab]) each.disconnect();
  const name = `by ${sender == writer ? 'itself' : 'the other'}`;
  const draft = writer.create({ members: ['bob'], name });
  for (const text of ['one', 'two']) draft.send(text);
  const { id, queued, conversation } = draft.getSnapshot();
  assert.deepEqual([typeof id, queued.length, conversation], ['string', 2, null]);
  await draft.loadBefore(); // there is nothing to load, and nobody is asked

  sender.connect();
  await until(bob, () => bob.conversations.getSnapshot().some((each) => each.last_message?.content == 'two'));
  writer.connect();
  await begun(draft);
  await draft.loadBefore();
  assert.equal(draft.getSnapshot().conversation.name, name);
  assert.deepEqual(texts(draft).slice(-2), ['one', 'two']);
  const known = bob.conversations.getSnapshot().find((each) => each.name == name);
  assert.equal(draft.id, known.id);
  draft.send('three');
  await until(bob, () => bob.conversations.getSnapshot()[0].last_message.content == 'three');
}

// a direct one that is there already is found, by each of the names it is given
const found = [];
for (const text of ['a', 'b']) {
  const draft = alice.create({ members: ['bob'], kind: 'direct' });
  draft.send(text);
  await begun(draft);
  found.push(draft.id);
}
assert.equal(found[0], found[1]);

// what the server refuses for good is told, with what was written to it
const draft = alice.create({ members: ['nobody'] });
draft.send('to nobody');
await until(alice, () => alice.outbox.list().filter(({ state }) => state == 'failed').length == 2);
assert.deepEqual(draft.getSnapshot().queued.map(({ error }) => error.code), ['not_found']);
for (const { id } of alice.outbox.list()) alice.outbox.discard(id);
await alice.request('ping');
assert.equal(typeof draft.id, 'string');

tell('begun');
process.exit(0);
