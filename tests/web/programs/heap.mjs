/** A client loses its connection again and again: how much it holds on to of each. */

import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createClient } from '../../../backend/web/sdk/parley.js';
import { resume, resumed } from '../unit/doubles.mjs';
import { options, tell } from './support.mjs';

setFlagsFromString('--expose_gc');
const collect = runInNewContext('gc');
const turn = () => new Promise((resolve) => setImmediate(resolve));

/** Bytes of the heap that are still reachable. */
const heap = async () => {
  let least = Infinity;
  for (let round = 0; round < 5; round++) {
    await turn();
    collect();
    least = Math.min(least, process.memoryUsage().heapUsed);
  }
  return least;
};

/** A socket that is forgotten with the next one; to what is asked it answers that there is nothing. */
let socket;
class Latest {
  readyState = 1;

  constructor() {
    socket = this;
  }

  send(text) {
    const { type, ref } = JSON.parse(text);
    const data = type == 'get_contacts' ? { users: [] } : [];
    queueMicrotask(() => this.tell({ type, ref, success: true, at: 1, data, more: false, next: null }));
  }

  tell(frame) {
    this.onmessage({ data: JSON.stringify(frame) });
  }

  close() {}
}

const chat = createClient({
  url: 'http://localhost',
  auth: async () => 'token',
  WebSocket: Latest,
  random: () => 0,
});
chat.connect();
let lost;
const reconnect = async (status) => {
  while (socket === lost) await turn();
  lost = socket;
  socket.tell(resume({ status }));
  socket.tell(resumed);
  while (chat.status.state != 'live') await turn();
  socket.onclose({ code: 1006 });
};
await reconnect('start');
const kept = [];
let before = await heap();
for (let round = 0; round < options.rounds; round++) {
  for (let number = 0; number < options.reconnects; number++) await reconnect('ok');
  const after = await heap();
  kept.push((after - before) / options.reconnects);
  before = after;
}
tell(kept);
process.exit(0);
