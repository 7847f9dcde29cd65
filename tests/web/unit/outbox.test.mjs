import '../../node/node_modules/fake-indexeddb/auto/index.mjs';
import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { ParleyError } from '../../../backend/web/sdk/errors.js';
import { Outbox } from '../../../backend/web/sdk/outbox.js';
import { Pace } from '../../../backend/web/sdk/pace.js';
import { indexedDbStorage, memoryStorage } from '../../../backend/web/sdk/storage.js';
import { handClock } from './doubles.mjs';

let clock, asked;

beforeEach(() => {
  clock = handClock();
  asked = [];
});

/** An outbox whose requests wait in `asked` for the test to answer. */
const outboxOn = async (storage, limits = {}) => {
  const pace = new Pace(clock);
  const outbox = new Outbox({
    storage,
    pace,
    submit: (request) =>
      new Promise((resolve, reject) => {
        asked.push({
          type: request.type,
          text: request.content,
          accept: () => resolve({}),
          refuse: (code, ms) => reject(new ParleyError({ error: 'no', code, retry_after_ms: ms })),
        });
      }),
    alone: (work) => work(),
    changed: () => {},
    clock,
  });
  pace.begin(limits);
  await outbox.use(1);
  return outbox;
};
const say = (outbox, content) => outbox.add({ type: 'send_message', conversation_id: 1, content });
const texts = (outbox) => outbox.list().map((each) => each.request.content);
const NO_LIMIT = { RATE_LIMIT: 0 };

for (const [name, make] of [
  ['memory', memoryStorage],
  ['IndexedDB', () => indexedDbStorage(`test ${Math.random()}`)],
]) {
  describe(`a queue in ${name}`, () => {
    it('keeps its order, and what was queued before', async () => {
      const storage = make();
      const outbox = await outboxOn(storage);
      for (let number = 0; number < 20; number++) say(outbox, `${number}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
      const later = await outboxOn(storage);
      assert.deepEqual(texts(later), texts(outbox));
      assert.deepEqual(texts(later), Array.from({ length: 20 }, (_, number) => `${number}`));
      await later.use(2);
      assert.deepEqual(texts(later), [], 'another user has another queue');
    });
  });
}

describe('flushing', () => {
  it('sends in order, as many at once as the limits allow', async () => {
    const outbox = await outboxOn(memoryStorage(), NO_LIMIT);
    for (let number = 0; number < 40; number++) say(outbox, number);
    outbox.open();
    await clock.pass(0);
    assert.deepEqual(asked.map(({ text }) => text), Array.from({ length: 32 }, (_, n) => n));
    asked[0].accept();
    await clock.pass(0);
    assert.deepEqual([asked.length, asked.at(-1).text], [33, 32]);
  });

  it('sends one at a time while the limits are not known', async () => {
    const outbox = await outboxOn(memoryStorage());
    say(outbox, 'a');
    say(outbox, 'b');
    outbox.open();
    await clock.pass(0);
    assert.equal(asked.length, 1);
    asked[0].accept();
    await clock.pass(0);
    assert.deepEqual([texts(outbox), asked.at(-1).text], [['b'], 'b']);
  });

  it('stops at a refusal until what is under way is answered, then goes on from it', async () => {
    const outbox = await outboxOn(memoryStorage(), NO_LIMIT);
    for (let number = 0; number < 40; number++) say(outbox, number);
    outbox.open();
    await clock.pass(0);
    asked.splice(0, 30).forEach(({ accept }) => accept());
    await clock.pass(0);
    const [refused, ...underWay] = asked.splice(0);
    refused.refuse('rate_limited', 500);
    await clock.pass(10_000);
    assert.equal(asked.length, 0, 'nothing is sent while answers are awaited');
    underWay.forEach(({ refuse }) => refuse('rate_limited', 600));
    await clock.pass(499);
    assert.equal(asked.length, 0);
    await clock.pass(1);
    assert.deepEqual(asked.map(({ text }) => text), [30]);
    asked.splice(0)[0].accept();
    await clock.pass(499);
    assert.equal(asked.length, 0, 'no faster than it was let pass');
    await clock.pass(1);
    assert.deepEqual(asked.map(({ text }) => text), [31]);
  });

  it('stays below the limits it is told', async () => {
    const outbox = await outboxOn(memoryStorage(), { RATE_LIMIT: 10, RATE_BURST: 20 });
    for (let number = 0; number < 40; number++) say(outbox, number);
    outbox.open();
    const answer = async () => {
      await clock.pass(0);
      const answered = asked.splice(0);
      answered.forEach(({ accept }) => accept());
      return answered.length;
    };
    let count = 0;
    for (let round = 0; round < 5; round++) count += await answer();
    assert.equal(count, 10, 'half of the burst at once');
    await clock.pass(1000);
    for (let round = 0; round < 3; round++) count += await answer();
    assert(count <= 21, `then ten a second, not ${count}`);
  });

  it('tries again later what the server could not take', async () => {
    const outbox = await outboxOn(memoryStorage());
    say(outbox, 'a');
    outbox.open();
    await clock.pass(0);
    asked.splice(0)[0].refuse('unavailable');
    await clock.pass(1999);
    assert.equal(asked.length, 0);
    await clock.pass(1);
    asked.splice(0)[0].accept();
    await clock.pass(0);
    assert.deepEqual(texts(outbox), []);
  });

  it('keeps what was refused for good, and goes on', async () => {
    const outbox = await outboxOn(memoryStorage());
    const { id } = say(outbox, 'a');
    say(outbox, 'b');
    outbox.open();
    await clock.pass(0);
    asked.splice(0)[0].refuse('forbidden');
    await clock.pass(0);
    assert.deepEqual(asked.map(({ text }) => text), ['b']);
    const [failed] = outbox.list();
    assert.deepEqual([failed.state, failed.error.code], ['failed', 'forbidden']);
    asked.splice(0)[0].accept();
    outbox.retry(id);
    await clock.pass(0);
    assert.deepEqual(asked.map(({ text }) => text), ['a']);
    asked.splice(0)[0].refuse('forbidden');
    await clock.pass(0);
    outbox.discard(id);
    assert.deepEqual(texts(outbox), []);
  });

  it('creates a conversation before anything is sent to it', async () => {
    const outbox = await outboxOn(memoryStorage(), NO_LIMIT);
    say(outbox, 'before');
    const { id } = outbox.add({ type: 'create_conversation', members: ['bob'] });
    outbox.add({ type: 'send_message', conversation_client_id: id, content: 'hi' });
    outbox.open();
    await clock.pass(0);
    assert.deepEqual(asked.map(({ type }) => type), ['send_message', 'create_conversation']);
    asked.splice(0).forEach(({ text, accept, refuse }) => (text ? accept() : refuse('unavailable')));
    await clock.pass(1999);
    assert.equal(asked.length, 0, 'nothing overtakes it');
    await clock.pass(1);
    asked.splice(0)[0].accept();
    await clock.pass(0);
    assert.deepEqual(asked.map(({ text }) => text), ['hi']);
  });

  it('sends a message again together with the conversation that was refused', async () => {
    const outbox = await outboxOn(memoryStorage(), NO_LIMIT);
    const { id } = outbox.add({ type: 'create_conversation', members: ['nobody'] });
    const message = outbox.add({ type: 'send_message', conversation_client_id: id, content: 'hi' });
    outbox.open();
    for (let number = 0; number < 2; number++) {
      await clock.pass(0);
      asked.splice(0)[0].refuse('not_found');
    }
    await clock.pass(0);
    assert.deepEqual(outbox.list().map(({ state }) => state), ['failed', 'failed']);
    outbox.retry(message.id);
    await clock.pass(0);
    assert.deepEqual(asked.map(({ type }) => type), ['create_conversation']);
  });

  it('keeps what was under way when the connection was lost, and sends it again', async () => {
    const outbox = await outboxOn(memoryStorage());
    say(outbox, 'a');
    outbox.open();
    await clock.pass(0);
    outbox.close();
    asked.splice(0)[0].refuse('uncertain');
    await clock.pass(100_000);
    assert.deepEqual([asked.length, texts(outbox)], [0, ['a']]);
    outbox.open();
    await clock.pass(0);
    assert.deepEqual(asked.map(({ text }) => text), ['a']);
  });

  it('sends for another tab what that one cannot', async () => {
    const storage = memoryStorage();
    const [offline, live] = [await outboxOn(storage), await outboxOn(storage)];
    say(offline, 'a');
    await clock.pass(0);
    live.open();
    await clock.pass(0);
    assert.deepEqual(asked.map(({ text }) => text), ['a']);
  });
});

it('two tabs hear of each other through IndexedDB', async () => {
  const name = `test ${Math.random()}`;
  const [one, two] = [await outboxOn(indexedDbStorage(name)), await outboxOn(indexedDbStorage(name))];
  say(one, 'a');
  const deadline = Date.now() + 5000;
  while (!texts(two).length && Date.now() < deadline) await new Promise((r) => setTimeout(r, 5));
  assert.deepEqual(texts(two), ['a']);
});
