/**
 * Random lives: three people with two clients each do what people do, some of it twice or offline;
 * in between and in the end each client knows what it would fetch.
 */

import { acts } from './acts.mjs';
import { dice } from './dice.mjs';
import { faultSockets } from './fault_socket.mjs';
import { compare } from './fresh.mjs';
import { again, demand, isLive, join, options, tell, until } from './support.mjs';

const ACCEPTED = ['not_found', 'forbidden', 'already_exists', 'conflict', 'invalid_request', 'uncertain'];
const done = {};

/** A client with its network, and what the library told about it. */
const device = async (open, username) => {
  const { FaultSocket, open: sockets } = faultSockets();
  const client = await open(username, { WebSocket: FaultSocket, random: () => 0.01 });
  client.on('status', () => {});
  return { client, username, cut: () => sockets.forEach((socket) => socket.fail(1006)) };
};

const settle = async (life) => {
  const names = [0, 1, 2].map((number) => `u${life}x${number}`);
  const devices = [];
  for (const open of [join, again]) for (const name of names) devices.push(await device(open, name));
  for (const other of names.slice(1)) {
    await devices[0].client.request('add_contact', { contact_username: other });
  }
  const { data } = await devices[0].client.request('create_conversation', {
    members: [names[1]],
    name: 'Group',
  });
  devices[0].client.conversation(data.id).send('hello');
  return { names, devices };
};

/** Everybody is there, has sent what was queued, and knows what is there. */
const check = async ({ devices }, all) => {
  for (const { client } of devices) {
    if (all) client.connect();
    if (client.status.state == 'idle') continue;
    await until(client, () => isLive(client) && client.outbox.list().every((item) => item.state == 'failed'));
    await compare(client, options.url);
  }
};

const live = async (life, random) => {
  const village = await settle(life);
  let copied = false;
  for (let step = 0; step < options.steps; step++) {
    const [name, act] = acts[Math.floor(random() * acts.length)];
    try {
      if (await act(village, random)) done[name] = (done[name] ?? 0) + 1;
    } catch (error) {
      if (!ACCEPTED.includes(error.code)) throw new Error(`${name}: ${error.stack}`);
    }
    if (random() < 0.02) await check(village, false);
    if (random() < 0.02 && life % 2) {
      await demand(copied ? 'restore' : 'copy');
      copied = !copied;
      if (!copied) done.restore = (done.restore ?? 0) + 1;
    }
  }
  await check(village, true);
  for (const { client } of village.devices) client.disconnect();
};

for (let life = 0; life < options.lives; life++) {
  const seed = options.seed * 1000 + life;
  try {
    await live(life, dice(seed));
  } catch (error) {
    throw new Error(`seed ${seed}: ${error.stack}`);
  }
}
tell(done);
process.exit(0);
