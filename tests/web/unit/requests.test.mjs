import assert from 'node:assert/strict';
import { beforeEach, it } from 'node:test';
import { Requests } from '../../../backend/web/sdk/requests.js';
import { handClock } from './doubles.mjs';

let clock, sent, requests;

beforeEach(() => {
  clock = handClock();
  sent = [];
  requests = new Requests((text) => !!sent.push(JSON.parse(text)), clock);
});
const reply = (request, more = {}) =>
  requests.settle({ type: request.type, ref: request.ref, success: true, data: request.type, ...more });
const refusal = (code, more = {}) => ({ success: false, error: 'no', code, ...more });

it('waits for a connection, and keeps the order', async () => {
  const answers = [requests.ask('self', {}), requests.ask('get_contacts', {})];
  assert.deepEqual(sent, []);
  requests.open(1000);
  assert.deepEqual(sent.map(({ type }) => type), ['self', 'get_contacts']);
  reply(sent[1]);
  reply(sent[0]);
  assert.deepEqual((await Promise.all(answers)).map(({ data }) => data), ['self', 'get_contacts']);
});

it('asks again after a reconnect only what may be asked twice', async () => {
  requests.open(1000);
  const read = requests.ask('get_messages', { conversation_id: 1 });
  const write = requests.ask('delete_message', { message_id: 1 });
  requests.close(false);
  await assert.rejects(write, { code: 'uncertain', uncertain: true });
  const later = requests.ask('leave_conversation', { conversation_id: 1 });
  requests.open(1000);
  assert.deepEqual(sent.slice(2).map(({ type }) => type), ['get_messages', 'leave_conversation']);
  sent.slice(2).forEach((request) => reply(request));
  await Promise.all([read, later]);
});

it('does not repeat a frame that the socket was closed for', async () => {
  requests.open(1000);
  const read = requests.ask('self', {});
  requests.close(true);
  await assert.rejects(read, { code: 'uncertain' });
});

it('sends nothing that is too large', async () => {
  requests.open(100);
  await assert.rejects(requests.ask('search_users', { prefix: 'ä'.repeat(50) }), { code: 'too_large' });
  assert.deepEqual(sent, []);
});

it('tells a refusal with what it was about', async () => {
  requests.open(1000);
  const asked = requests.ask('edit_message', { message_id: 1 });
  reply(sent[0], refusal('rate_limited', { retry_after_ms: 70, field: 'message_id' }));
  await assert.rejects(asked, { code: 'rate_limited', retryAfter: 70, field: 'message_id' });
});

it('reads again by itself when it was too fast', async () => {
  requests.open(1000);
  const asked = requests.ask('self', {});
  reply(sent[0], refusal('rate_limited', { retry_after_ms: 70 }));
  await clock.pass(69);
  assert.equal(sent.length, 1);
  await clock.pass(1);
  assert.equal(sent.length, 2);
  reply(sent[1]);
  await asked;
});

it('lets go of what nobody wants any more, but takes its answer in', async () => {
  const unsent = new AbortController();
  const first = requests.ask('self', {}, unsent.signal);
  unsent.abort();
  await assert.rejects(first, { name: 'AbortError' });
  requests.open(1000);
  assert.deepEqual(sent, []);
  const late = new AbortController();
  const second = requests.ask('leave_conversation', { conversation_id: 1 }, late.signal);
  late.abort();
  await assert.rejects(second, { name: 'AbortError' });
  assert.equal(requests.answeredBy({ ref: sent[0].ref }).conversation_id, 1);
});

it('tells everybody who waits that nothing will come', async () => {
  const asked = requests.ask('self', {});
  requests.stop();
  await assert.rejects(asked, { code: 'stopped' });
});
