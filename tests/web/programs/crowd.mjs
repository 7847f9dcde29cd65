/** Three people who write to each other all the time, and whether each message is there once. */

import assert from 'node:assert/strict';
import { faultSockets } from './fault_socket.mjs';
import { compare } from './fresh.mjs';
import { begun as isBegun, join, options, until } from './support.mjs';

const UNDER_WAY = 4;
const BEGIN_EVERY = 20; // messages
const MOST_BEGUN = 10;

/** Three clients of three people who share a group, each with its network. */
export const gather = async (names, more = {}) => {
  const crowd = [];
  for (const name of names) {
    const { FaultSocket, open } = faultSockets();
    const client = await join(name, { WebSocket: FaultSocket, ...more });
    crowd.push({ name, client, sockets: open, written: [], begun: [], isWriting: false });
  }
  const [first] = crowd;
  const { data } = await first.client.request('create_conversation', { members: names.slice(1) });
  for (const [number, each] of crowd.entries()) {
    each.other = names.at(number - 1);
    await until(each.client, () => each.client.conversations.getSnapshot().length == 1);
    each.conversation = each.client.conversation(data.id);
    await each.conversation.loadBefore();
  }
  return crowd;
};

/** Write as fast as it is answered, and now and then begin a conversation with another. */
export const write = (member) => {
  const { client, conversation, written, begun, name, other } = member;
  const next = () => {
    while (member.isWriting && client.outbox.list().length < UNDER_WAY) {
      written.push(conversation.send(`${name} ${written.length}`).request.content);
      if (written.length % BEGIN_EVERY || begun.length == MOST_BEGUN) continue;
      const title = `${name} began ${begun.length}`;
      begun.push(client.create({ members: [other], name: title }));
      begun.at(-1).send(title);
    }
  };
  member.isWriting = true;
  client.on('outbox', () => queueMicrotask(next));
  next();
};

/** Stop writing; everybody sends what is left. */
export const finish = async (crowd) => {
  for (const member of crowd) member.isWriting = false;
  for (const { client, sockets, begun } of crowd) {
    client.connect();
    const isDone = () => client.status.state == 'live' && !client.outbox.list().length;
    await until(client, isDone, 60_000).catch((error) => {
      const left = JSON.stringify([client.status, client.outbox.list(), sockets.size]);
      throw new Error(`${error.message} ${left}`);
    });
    await Promise.all(begun.map((each) => isBegun(each)));
  }
};

/** All lived through the same: what is stored, each message once and in its writer's order. */
export const checkAll = async (crowd) => {
  for (const { client } of crowd) await compare(client, options.url);
  const [first, ...others] = crowd.map(texts);
  for (const other of others) assert.deepEqual(other, first);
  for (const { client, begun, name } of crowd) {
    const found = begun.map((each) => each.getSnapshot().conversation);
    const titles = begun.map((_, number) => `${name} began ${number}`);
    assert.deepEqual(found.map((each) => [each.name, each.last_message.content, each.last_message.seq]),
      titles.map((title) => [title, title, 1]));
    const all = client.conversations.getSnapshot().filter((each) => each.name.startsWith(`${name} began`));
    assert.equal(all.length, begun.length, 'each of them once');
  }
  for (const { name, written } of crowd) {
    assert.deepEqual(first.filter((text) => text.startsWith(`${name} `)), written, `of ${name}`);
  }
  return first.length;
};

const texts = ({ conversation }) => {
  const { messages, isLoaded } = conversation.getSnapshot();
  assert(isLoaded);
  return messages.filter((each) => each.kind == 'text').map((each) => each.content);
};
