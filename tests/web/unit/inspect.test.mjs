/** The parts of the inspector that need no page: pairing, kinds, checking, comparing, recording. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { check } from '../../../backend/web/inspect/checking.js';
import { compare, differences } from '../../../backend/web/inspect/compare.js';
import { asSdk } from '../../../backend/web/inspect/copying.js';
import { fates } from '../../../backend/web/inspect/dice.js';
import { lines, recorded } from '../../../backend/web/inspect/recording.js';
import { rowsOf, took } from '../../../backend/web/inspect/rows.js';
import { Tape } from '../../../backend/web/inspect/tape.js';

const SELF = { id: 1, username: 'ada', fullname: 'Ada', bio: '', avatar: null };
const RESUME = { status: 'start', cursor: 'c0', at: 10, self: SELF, online: [], limits: {} };
const TOKEN = 'eyJhbGciOi.eyJzdWIi.c2lnbmF0dXJl';

/** A tape on which these frames passed, a millisecond apart. */
const taped = (...passed) => {
  const tape = new Tape();
  passed.forEach(([direction, frame], at) => tape.add(direction, JSON.stringify(frame), at));
  return tape;
};

/** What comes first on a socket. */
const begun = () => [
  ['in', { type: 'resume', success: true, data: RESUME }],
  ['in', { type: 'resumed', success: true, data: { events: 0 } }],
];

const kinds = (tape) => tape.entries.value.map((each) => each.kind);

test('requests and replies find each other by ref, with the time between them', () => {
  const tape = taped(
    ['out', { type: 'ping', ref: 1 }],
    ['out', { type: 'self', ref: 'a' }],
    ['in', { type: 'self', success: true, ref: 'a', data: SELF, at: 1 }],
    ['in', { type: 'ping', success: true, ref: 1, data: 'pong', cursor: 'c', at: 1 }],
    ['in', { type: 'ping', success: true, ref: 1, data: 'pong', cursor: 'c', at: 1 }],
  );
  const [ping, self, selfReply, pong, again] = tape.entries.value;
  assert.deepEqual([ping.mate, self.mate, selfReply.mate, pong.mate], [pong, selfReply, self, ping]);
  assert.deepEqual([took(ping), took(self), again.mate], [3, 1, null]);
});

test('durable, ephemeral, read and refused are told apart', () => {
  const tape = taped(
    ['out', { type: 'set_topic', ref: 1 }],
    ['out', { type: 'get_contacts', ref: 2 }],
    ['in', { type: 'set_topic', success: true, ref: 1, data: {}, cursor: 'c', at: 2 }],
    ['in', { type: 'set_topic', success: true, ref: 1, data: {}, at: 2 }],
    ['in', { type: 'user_status', success: true, data: { username: 'bob', is_online: true } }],
    ['in', { type: 'get_pinned', success: true, ref: 2, data: {}, at: 2 }],
    ['in', { type: 'ping', success: true, ref: 3, data: 'pong', cursor: 'c', at: 2 }],
    ['in', { type: 'set_topic', success: false, ref: 4, error: 'no', code: 'forbidden' }],
  );
  assert.deepEqual(kinds(tape), [
    'durable', 'read', 'durable', 'unchanged', 'ephemeral', 'read', 'read', 'refused',
  ]);
});

test('the ruler tells how far each event is past the one before, and what came again', () => {
  const event = (at) => ['in', { type: 'set_role', success: true, data: {}, cursor: `c${at}`, at }];
  const tape = taped(...begun(), event(11), event(15), event(15));
  assert.deepEqual(tape.entries.value.map((each) => each.step), [null, null, 1, 4, 0]);
});

test('what a resume brought is one row', () => {
  const missed = { type: 'set_role', success: true, data: {}, cursor: 'c', at: 11 };
  const [first, last] = begun();
  const rows = rowsOf(taped(first, ['in', missed], last, ['in', missed]).entries.value);
  assert.deepEqual(rows.map((each) => each.entries?.length ?? 1), [3, 1]);
  assert.equal(rows[0].isComplete, true);
});

test('the state before and after a frame stays as it was then', () => {
  const hear = (username) => ['in', { type: 'user_status', success: true, data: { username, is_online: true } }];
  const [, , bob, carol] = taped(...begun(), hear('bob'), hear('carol')).entries.value;
  assert.deepEqual([...bob.before.online], []);
  assert.deepEqual([...bob.after.online], ['bob']);
  assert.deepEqual([...carol.after.online], ['bob', 'carol']);
});

test('differences are named by their path', () => {
  const found = differences({ a: { b: [1, 2] }, c: 1 }, { a: { b: [1, 3] }, d: null });
  assert.deepEqual(found, [
    { path: 'a.b.1', before: 2, after: 3 },
    { path: 'c', before: 1, after: undefined },
    { path: 'd', before: undefined, after: null },
  ]);
});

test('what was lived through is compared with what was fetched', () => {
  const contact = (fullname) => ({ id: 2, username: 'bob', fullname, bio: '', avatar: null, is_online: false });
  const knowing = (fullname) =>
    taped(
      ...begun(),
      ['out', { type: 'get_contacts', ref: 1 }],
      ['in', { type: 'get_contacts', success: true, ref: 1, at: 10, data: { users: [contact(fullname)] } }],
    ).state;
  assert.deepEqual(compare(knowing('Bob'), knowing('Bob')), []);
  assert.deepEqual(compare(knowing('Bob'), knowing('Robert')), [
    { path: 'contacts.bob.fullname', before: 'Bob', after: 'Robert' },
  ]);
});

test('fields are checked as help describes them', () => {
  const help = (type, limit = null, required = false) => ({ type, limit, required, default: null });
  assert.deepEqual(check(help('integer', 'at least 1'), '12'), { value: 12 });
  assert.ok(check(help('integer', 'at least 1'), '0').wrong);
  assert.ok(check(help('integer'), 'twelve').wrong);
  assert.deepEqual(check(help('integer or null'), 'null'), { value: null });
  assert.deepEqual(check(help('string', '1 to 2 characters'), '👍👍'), { value: '👍👍' });
  assert.ok(check(help('string', '1 to 2 characters'), 'abc').wrong);
  assert.deepEqual(check(help('string'), '""'), { value: '' });
  assert.deepEqual(check(help('boolean'), 'true'), { value: true });
  assert.ok(check(help('direct or group'), 'band').wrong);
  assert.deepEqual(check(help('list of strings', 'at most 2 items'), 'bob, carol'), { value: ['bob', 'carol'] });
  assert.ok(check(help('list of strings', 'at most 2 items'), 'a, b, c').wrong);
  assert.deepEqual(check(help('list of strings'), '[]'), { value: [] });
  assert.deepEqual(check(help('string'), ''), {});
  assert.ok(check(help('string', null, true), '').wrong);
});

test('a recording brings back what passed, without tokens', () => {
  const tape = taped(...begun(), ['out', { type: 'x', ref: 1, token: 'secret one', content: `see ${TOKEN}` }]);
  tape.add('out', `no frame: ${TOKEN}`, 5);
  tape.add('close', '1006', 6);
  const text = recorded(tape.entries.value);
  assert.doesNotMatch(text, /secret one|eyJ/);
  const replayed = new Tape();
  for (const line of lines(text)) replayed.add(line.direction, line.text, line.time);
  assert.deepEqual(kinds(replayed), kinds(tape));
  assert.deepEqual(replayed.state, tape.state);
  assert.equal(recorded(replayed.entries.value), text);
  assert.throws(() => lines(`${text}{"time": 1}\n`), /line 6/);
});

test('a request is copied as a call of the library', () => {
  assert.equal(asSdk({ type: 'self', ref: 3 }), 'await chat.request("self");');
  assert.equal(
    asSdk({ type: 'typing', conversation_id: 1 }),
    'await chat.request("typing", {"conversation_id":1});',
  );
});

test('a seed determines what goes wrong, and most frames pass', () => {
  const draw = (seed) => Array.from({ length: 500 }, fates(seed));
  assert.deepEqual(draw(7), draw(7));
  assert.notDeepEqual(draw(7), draw(8));
  const faults = draw(7).filter((each) => each != null);
  assert.ok(faults.length > 20 && faults.length < 150, String(faults.length));
});
