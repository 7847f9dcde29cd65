/** Fetching afresh: the state of one who comes now and asks for all that another has seen. */

/** @import { Client } from '../sdk/parley.js' */
/** @import { State } from '../sdk/state.js' */
/** @import { Difference } from './compare.js' */

import { SERVER } from '../page/base.js';
import { createClient } from '../sdk/parley.js';
import { compare } from './compare.js';
import { Tape } from './tape.js';
import { Wire } from './wire.js';

const SETTLE_MS = 3000; // marks and presence take their time
const PAGE = 100;

/**
 * Compare until nothing differs, or it stays so; throws when the server cannot be asked.
 * @param {Client} client whose state is compared
 * @param {() => State} lived
 * @param {() => Promise<string>} token
 * @returns {Promise<Difference[]>}
 */
export const compareAfresh = async (client, lived, token) => {
  for (const deadline = Date.now() + SETTLE_MS; ; ) {
    const fetched = await fetchAfresh(token, lived());
    await client.request('ping'); // whatever was fetched has come by then
    const found = compare(lived(), fetched);
    if (!found.length || Date.now() > deadline) return found;
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
};

/**
 * @param {() => Promise<string>} token
 * @param {State} lived
 */
const fetchAfresh = async (token, lived) => {
  const tape = new Tape();
  const wire = new Wire((direction, text) => tape.add(direction, text));
  const client = createClient({ url: SERVER, auth: token, storage: 'memory', WebSocket: wire.WebSocket });
  try {
    await live(client);
    const known = tape.state.conversations;
    for (const [id, each] of lived.conversations) {
      // one that is gone is not found, and then that is what differs
      if (each.receipts || !known.has(id)) await client.request('get_conversation_info', { id }).catch(() => {});
    }
    for (const id of lived.timelines.keys()) await readBack(client, id, lived);
    return tape.state;
  } finally {
    client.disconnect();
  }
};

/** @param {Client} client */
const live = (client) =>
  new Promise((resolve, reject) => {
    client.on('status', (status) => {
      if (status.state == 'live') resolve(undefined);
      if (status.state == 'stopped') reject(new Error(`stopped: ${status.why}`));
    });
    client.connect();
  });

/**
 * Read a conversation's messages from the newest back to the oldest that was seen.
 * @param {Client} client
 * @param {number} id
 * @param {State} lived
 */
const readBack = async (client, id, lived) => {
  const windows = lived.timelines.get(id) ?? [];
  const oldest = Math.min(...windows.map((each) => (each.moreBefore ? (each.messages[0]?.id ?? 0) : 0)));
  /** @type {number | null} */
  let before = null;
  for (;;) {
    /** @type {import('../sdk/parley.js').MessagesData | null} */
    const page = await client
      .request('get_messages', { conversation_id: id, limit: PAGE, before })
      .then(({ data }) => data, () => null);
    before = page?.messages.at(-1)?.id ?? null;
    if (!page?.more_before || before == null || before <= oldest) return;
  }
};
