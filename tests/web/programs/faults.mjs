/** Three people write over a network that a seed makes go wrong in every way. */

import { checkAll, finish, gather, write } from './crowd.mjs';
import { dice } from './dice.mjs';
import { options, tell, until } from './support.mjs';

const CODES = [1001, 1006, 1009, 1011, 4400, 4401, 4402, 4403, 4408, 4409, 4429, 4999];
const FINAL = { 4402: 'login', 4403: 'origin', 4409: 'replaced' };
const SPEED = 20;
const random = dice(options.seed);
const pick = (list) => list[Math.floor(random() * list.length)];
const clock = {
  now: () => Date.now() * SPEED,
  setTimeout: (then, ms) => setTimeout(then, ms / SPEED),
  clearTimeout,
};
const done = {};

const faults = {
  cut: ({ socket }) => socket.fail(1006),
  'half-open': ({ socket }) => socket.halfOpen(),
  delay: ({ socket }) => socket.delay(random() * 200),
  double: ({ socket }) => socket.double(),
  async close({ socket, client }) {
    const code = pick(CODES);
    done[code] = (done[code] ?? 0) + 1;
    socket.fail(code);
    if (!FINAL[code]) return;
    if (client.status.why != FINAL[code]) throw new Error(`${code}: ${JSON.stringify(client.status)}`);
    client.connect();
  },
};

const crowd = await gather(['ann', 'ben', 'cat'], { clock, random });
crowd.forEach(write);
for (let number = 0; number < options.faults; number++) {
  const member = pick(crowd);
  await until(member.client, () => member.sockets.size > 0, 30_000);
  const [socket] = member.sockets;
  const name = pick(Object.keys(faults));
  done[name] = (done[name] ?? 0) + 1;
  await faults[name]({ ...member, socket });
  await new Promise((resolve) => setTimeout(resolve, random() * 100));
}
await finish(crowd);
tell({ messages: await checkAll(crowd), ...done });
process.exit(0);
