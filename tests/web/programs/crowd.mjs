/** Three people who write to each other all the time, and whether each message is there once. */

import assert from 'node:assert/strict';
import { faultSockets } from './fault_socket.mjs';
import { compare } from './fresh.mjs';
import { join, options, until } from './support.mjs';

const UNDER_WAY = 4;

/** Three clients of three people who share a group, each with its network. */
export const gather = async (names, more = {}) => {
  const crowd = [];
  for (const name of names) {
    const { FaultSocket, open } = faultSockets();
    const client = await join(name, { WebSocket: FaultSocket, ...more });
    crowd.push({ name, client, sockets: open, written: [], isWriting: false });
  }
  const [first] = crowd;
  const { data } = await first.client.request('create_conversation', { members: names.slice(1) });
  for (const each of crowd) {
    await until(each.client, () => each.client.conversations.getSnapshot().length == 1);
    each.conversation = each.client.conversation(data.id);
    await each.conversation.loadBefore();
  }
  return crowd;
};

/** Write as fast as it is answered. */
export const write = (member) => {
  const { client, conversation, written, name } = member;
  const next = () => {
    while (member.isWriting && client.outbox.list().length < UNDER_WAY) {
      written.push(conversation.send(`${name} ${written.length}`).request.content);
    }
  };
  member.isWriting = true;
  client.on('outbox', () => queueMicrotask(next));
  next();
};

/** Stop writing; everybody sends what is left. */
export const finish = async (crowd) => {
  for (const member of crowd) member.isWriting = false;
  for (const { client, sockets } of crowd) {
    client.connect();
    const isDone = () => client.status.state == 'live' && !client.outbox.list().length;
    await until(client, isDone, 60_000).catch((error) => {
      const left = JSON.stringify([client.status, client.outbox.list(), sockets.size]);
      throw new Error(`${error.message} ${left}`);
    });
  }
};

/** All lived through the same: what is stored, each message once and in its writer's order. */
export const checkAll = async (crowd) => {
  for (const { client } of crowd) await compare(client, options.url);
  const [first, ...others] = crowd.map(texts);
  for (const other of others) assert.deepEqual(other, first);
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
