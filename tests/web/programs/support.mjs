/** What the programs share: options from the test, clients that wait for things, and an answer. */

import { createInterface } from 'node:readline';
import { createClient } from '../../../backend/web/sdk/parley.js';

export const options = JSON.parse(process.argv[2] ?? '{}');

export const PASSWORD = 'correct horse';

/** Tell the test something, as a line of JSON. */
export const tell = (thing) => process.stdout.write(`${JSON.stringify(thing)}\n`);

/** Wait until something is so, looked at whenever any of the client's events comes. */
export const until = (client, condition, ms = 20_000) =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`never so: ${condition}`)), ms);
    const look = () => {
      if (!condition()) return;
      clearTimeout(timer);
      for (const off of offs) off();
      resolve(undefined);
    };
    const offs = ['frame', 'status', 'change', 'outbox'].map((event) => client.on(event, look));
    look();
  });

/** Wait until a conversation that was begun is there, and nothing waits to be sent to it. */
export const begun = (handle, ms = 20_000) =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`not begun: ${handle.id}`)), ms);
    const look = () => {
      const { conversation, queued } = handle.getSnapshot();
      if (!conversation || queued.length) return;
      clearTimeout(timer);
      off();
      resolve(undefined);
    };
    const off = handle.subscribe(look);
    look();
  });

export const isLive = (client) => client.status.state == 'live';

/** A client of a new account, live. */
export const join = async (username, more = {}) => {
  const client = createClient({ url: options.url, ...more });
  await client.auth.register({ username, password: PASSWORD, fullname: username.toUpperCase() });
  return live(client, username);
};

/** Another client of an account, live. */
export const again = (username, more = {}) =>
  live(createClient({ url: options.url, ...more }), username);

const live = async (client, username) => {
  await client.auth.login({ username, password: PASSWORD });
  client.connect();
  await until(client, () => isLive(client));
  return client;
};

let lines;

/** What the test says, line by line. */
export const heard = () =>
  (lines ??= createInterface({ input: process.stdin })[Symbol.asyncIterator]());

/** Ask the test to do something, and wait until it has. */
export const demand = async (thing) => {
  tell(thing);
  return JSON.parse((await heard().next()).value);
};
