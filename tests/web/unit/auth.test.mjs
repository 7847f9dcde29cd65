import assert from 'node:assert/strict';
import { it } from 'node:test';
import { Auth } from '../../../backend/web/sdk/auth.js';
import { memoryStorage } from '../../../backend/web/sdk/storage.js';

/** Auth on a server that answers with what is next in `answers`. */
const authWith = (how, answers) => {
  const asked = [];
  const storage = memoryStorage();
  const auth = new Auth({
    url: 'http://here',
    auth: how,
    storage,
    forget: () => storage.remove(''),
    fetch: async (address, { method, headers, body, credentials }) => {
      asked.push({ address, method, token: headers.Authorization, body, credentials });
      const next = answers.shift();
      if (!next) throw new TypeError('no network');
      return new Response(JSON.stringify(next[1]), { status: next[0] });
    },
  });
  return { auth, asked, storage };
};
const tokens = (name) => ({ access_token: name, refresh_token: `r${name}` });
const login = { username: 'me', password: 'correct horse' };

it('keeps tokens only when it is to', async () => {
  const kept = authWith('bearer', [[202, tokens('a')]]);
  await kept.auth.login(login);
  assert.deepEqual(await kept.auth.protocols(), ['parley.v1', 'bearer.a']);
  const cookie = authWith('cookie', [[202, tokens('a')]]);
  await cookie.auth.login(login);
  assert.deepEqual([await cookie.auth.protocols(), await cookie.storage.list('')], [[], []]);
  assert.equal(cookie.asked[0].credentials, 'include');
});

it('refreshes once at a time', async () => {
  const { auth, asked } = authWith('bearer', [[202, tokens('a')], [200, tokens('b')]]);
  await auth.login(login);
  assert.deepEqual(await Promise.all([auth.refresh(), auth.refresh()]), [true, true]);
  assert.equal(asked.length, 2);
  assert.deepEqual(await auth.protocols(), ['parley.v1', 'bearer.b']);
});

it('tells a refused refresh from one that could not be asked for', async () => {
  const refused = [401, { error: 'invalid refresh-token', code: 'unauthorized' }];
  const busy = [503, { error: 'later', code: 'unavailable' }];
  const { auth } = authWith('cookie', [refused, busy]);
  assert.equal(await auth.refresh(), false);
  await assert.rejects(auth.refresh(), { code: 'unavailable' });
  await assert.rejects(auth.refresh(), { code: 'offline' });
});

it('asks again with a new token when the old one has expired', async () => {
  const expired = [401, { error: 'invalid login-token', code: 'unauthorized' }];
  const answers = [[202, tokens('a')], expired, [200, tokens('b')], [200, {}]];
  const { auth, asked, storage } = authWith('bearer', answers);
  await auth.login(login);
  await auth.logout({ everywhere: true });
  assert.deepEqual(asked.map(({ token }) => token), [undefined, 'Bearer a', undefined, 'Bearer b']);
  assert.equal(asked.at(-1).address, 'http://here/auth/logout?all=true');
  assert.deepEqual(await storage.list(''), []);
});

it('takes tokens of another service', async () => {
  let number = 0;
  const { auth } = authWith(async () => `t${number++}`, []);
  assert.deepEqual(await auth.protocols(), ['parley.v1', 'bearer.t0']);
  assert.deepEqual(await auth.protocols(), ['parley.v1', 'bearer.t0']);
  assert.equal(await auth.refresh(), true);
  assert.deepEqual(await auth.protocols(), ['parley.v1', 'bearer.t1']);
});

it('says in words and codes why it was refused', async () => {
  const { auth } = authWith('cookie', [
    [409, { error: 'username already exists', code: 'already_exists', field: 'username' }],
    [502, 'no JSON of ours'],
  ]);
  await assert.rejects(auth.register({ ...login, fullname: 'Me' }), {
    name: 'ParleyError', code: 'already_exists', field: 'username', message: 'username already exists',
  });
  await assert.rejects(auth.register({ ...login, fullname: 'Me' }), { code: 'unavailable' });
});
