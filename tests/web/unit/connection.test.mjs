import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { Connection } from '../../../backend/web/sdk/connection.js';
import { handClock, handSockets, resume, resumed } from './doubles.mjs';

let clock, sockets, connection, refreshes, lost, random, told;

beforeEach(() => {
  clock = handClock();
  sockets = handSockets();
  [refreshes, lost, told, random] = [[], [], [], 0.5];
  connection = new Connection({
    WebSocket: sockets.HandSocket,
    clock,
    random: () => random,
    prepare: async () => ['ws://here/ws?cursor=', []],
    refresh: async () => {
      const answer = refreshes.shift();
      if (answer instanceof Error) throw answer;
      return answer;
    },
    take: () => {},
    lost: (code) => lost.push(code),
    tell: (status) => told.push(status.state),
  });
});

const last = () => sockets.made.at(-1);
const live = async () => {
  connection.connect();
  await clock.pass(0);
  last().tell(resume(), resumed);
  connection.live();
};
const waits = () => connection.status.retryAt - clock.now();

describe('connecting', () => {
  it('is done once, however often it is asked for', async () => {
    connection.connect();
    connection.connect();
    await live();
    connection.connect();
    await clock.pass(1000);
    assert.equal(sockets.made.length, 1);
    assert.deepEqual(told, ['connecting', 'catching_up', 'live']);
  });

  it('is given up when the handshake hangs for 15 s', async () => {
    connection.connect();
    await clock.pass(14_999);
    assert.equal(connection.status.state, 'connecting');
    await clock.pass(1);
    assert.deepEqual([connection.status.state, last().isClosed], ['waiting', true]);
  });

  it('is not done again by anything after a disconnect', async () => {
    await live();
    last().end(1006);
    connection.disconnect();
    connection.disconnect();
    await clock.pass(100_000);
    assert.deepEqual([connection.status.state, sockets.made.length], ['idle', 1]);
  });

  it('is not finished when it was given up while it prepared', async () => {
    connection.connect();
    connection.disconnect();
    await clock.pass(100_000);
    assert.deepEqual([connection.status.state, sockets.made.length], ['idle', 0]);
  });

  it('is tried now when asked for while waiting', async () => {
    await live();
    last().end(1006);
    connection.connect();
    await clock.pass(0);
    assert.equal(sockets.made.length, 2);
  });

  it('hears nothing more of a socket that was given up', async () => {
    await live();
    const [old] = sockets.made;
    old.end(1006);
    await clock.pass(500);
    old.tell(resume(), resumed);
    old.end(4402);
    assert.equal(connection.status.state, 'connecting');
  });
});

describe('backing off', () => {
  it('doubles a random wait up to 30 s, and begins anew once resumed', async () => {
    await live();
    const found = [];
    for (let number = 0; number < 7; number++) {
      last().end(1006);
      found.push(waits());
      await clock.pass(waits());
    }
    assert.deepEqual(found, [500, 1000, 2000, 4000, 8000, 15_000, 15_000]);
    last().tell(resume());
    last().end(1006);
    assert.equal(waits(), 15_000, 'an opened socket is not yet a good one');
    await clock.pass(15_000);
    last().tell(resume(), resumed);
    last().end(1006);
    assert.equal(waits(), 500);
  });

  it('takes all of the range', async () => {
    await live();
    random = 0.999;
    last().end(1011);
    assert.equal(waits(), 999);
  });
});

describe('a close code', () => {
  for (const [code, why] of [[4402, 'login'], [4403, 'origin'], [4409, 'replaced']]) {
    it(`${code} stops, until somebody connects`, async () => {
      await live();
      last().end(code);
      assert.deepEqual(connection.status, { state: 'stopped', why });
      await clock.pass(100_000);
      assert.equal(sockets.made.length, 1);
      connection.connect();
      await clock.pass(0);
      assert.equal(sockets.made.length, 2);
    });
  }

  for (const code of [1006, 1009, 1011, 4400, 4999]) {
    it(`${code} backs off`, async () => {
      await live();
      last().end(code);
      assert.deepEqual([waits(), connection.status.code, lost], [500, code, [code]]);
    });
  }

  it('1001 comes back when the server said, once', async () => {
    await live();
    last().tell({ type: 'server_draining', success: true, data: { reconnect_after_ms: 1234 } });
    last().end(1001);
    assert.equal(waits(), 1234);
    await clock.pass(1234);
    last().tell(resume(), resumed);
    last().end(1001);
    assert.equal(waits(), 500);
  });

  it('4408 comes back at once, but only if it had caught up', async () => {
    await live();
    last().end(4408);
    assert.equal(waits(), 0);
    await clock.pass(0);
    last().end(4408);
    assert.equal(waits(), 500);
  });

  it('4429 waits for 10 s', async () => {
    await live();
    last().end(4429);
    assert.equal(waits(), 10_000);
  });

  it('4401 refreshes and connects once more; the second time it stops', async () => {
    refreshes = [true, true];
    await live();
    last().end(4401);
    await clock.pass(0);
    assert.equal(sockets.made.length, 2);
    last().end(4401);
    await clock.pass(0);
    assert.deepEqual(connection.status, { state: 'stopped', why: 'login' });
    assert.equal(refreshes.length, 1);
  });

  it('4401 may come again later', async () => {
    refreshes = [true, true];
    await live();
    for (let number = 0; number < 2; number++) {
      last().end(4401);
      await clock.pass(0);
      last().tell(resume(), resumed);
    }
    assert.equal(sockets.made.length, 3);
  });

  it('4401 stops when there is no new token', async () => {
    refreshes = [false];
    await live();
    last().end(4401);
    await clock.pass(0);
    assert.deepEqual(connection.status, { state: 'stopped', why: 'login' });
  });

  it('4401 without a network is no logout', async () => {
    refreshes = [new Error('offline'), true];
    await live();
    last().end(4401);
    await clock.pass(0);
    assert.deepEqual([connection.status.state, waits()], ['waiting', 500]);
    await clock.pass(500);
    last().end(4401);
    await clock.pass(0);
    assert.equal(sockets.made.length, 3);
  });

  it('4401 and a disconnect while refreshing stay disconnected', async () => {
    refreshes = [true];
    await live();
    last().end(4401);
    connection.disconnect();
    await clock.pass(100_000);
    assert.deepEqual([connection.status.state, sockets.made.length], ['idle', 1]);
  });
});

describe('the watchdog', () => {
  it('pings after 30 s of silence and gives up 10 s later', async () => {
    await live();
    await clock.pass(30_000);
    assert.deepEqual(last().sent, [], 'resumed was heard in that time');
    await clock.pass(30_000);
    assert.deepEqual(last().sent, [{ type: 'ping' }]);
    await clock.pass(10_000);
    assert.deepEqual([connection.status.state, last().isClosed], ['waiting', true]);
  });

  it('is content with an answer', async () => {
    await live();
    await clock.pass(60_000);
    last().tell({ type: 'ping', success: true, data: 'pong' });
    await clock.pass(10_000);
    assert.equal(connection.status.state, 'live');
  });
});

describe('a page that wakes', () => {
  const page = new EventTarget();
  globalThis.addEventListener = page.addEventListener.bind(page);
  globalThis.removeEventListener = page.removeEventListener.bind(page);

  for (const name of ['online', 'pageshow', 'visibilitychange', 'focus']) {
    it(`asks whether the socket still lives (${name})`, async () => {
      await live();
      page.dispatchEvent(new Event(name));
      assert.deepEqual(last().sent, [{ type: 'ping' }]);
      connection.disconnect();
    });
  }

  it('tries at once what waits for the network, not what the server sent away', async () => {
    await live();
    last().end(1006);
    page.dispatchEvent(new Event('online'));
    await clock.pass(0);
    assert.equal(sockets.made.length, 2);
    last().end(4429);
    page.dispatchEvent(new Event('online'));
    await clock.pass(0);
    assert.equal(sockets.made.length, 2);
    connection.disconnect();
  });

  it('does not undo a disconnect', async () => {
    await live();
    connection.disconnect();
    for (const name of ['online', 'focus']) page.dispatchEvent(new Event(name));
    await clock.pass(100_000);
    assert.equal(sockets.made.length, 1);
  });
});
