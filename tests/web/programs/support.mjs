/** What the programs share: options from the test, clients that wait for things, and an answer. */

import { createClient } from '../../../backend/web/sdk/parley.js';

export const options = JSON.parse(process.argv[2] ?? '{}');

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

export const isLive = (client) => client.status.state == 'live';

/** A client of a new account, live. */
export const join = async (username, more = {}) => {
  const client = createClient({ url: options.url, ...more });
  const account = { username, password: 'correct horse', fullname: username.toUpperCase() };
  await client.auth.register(account);
  await client.auth.login({ username, password: account.password });
  client.connect();
  await until(client, () => isLive(client));
  return client;
};
