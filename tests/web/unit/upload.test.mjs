import assert from 'node:assert/strict';
import { afterEach, it } from 'node:test';
import { Auth } from '../../../backend/web/sdk/auth.js';
import { memoryStorage } from '../../../backend/web/sdk/storage.js';
import { upload } from '../../../backend/web/sdk/upload.js';

const file = Object.assign(new Blob(['miaow'], { type: 'image/png' }), { name: 'a cat.png' });
const asked = [];
const auth = new Auth({
  url: 'http://here',
  auth: 'bearer',
  storage: memoryStorage(),
  forget: async () => {},
  fetch: async (address, init) => {
    asked.push({ address, ...init });
    init.signal?.throwIfAborted();
    return Response.json({ id: 7 }, { status: 201 });
  },
});

afterEach(() => delete globalThis.XMLHttpRequest);

it('sends the bytes as they are, with what is known of them', async () => {
  const told = await upload(auth, file, { duration_ms: 1200, waveform: [1, 50, 100] });
  const { address, method, headers, body } = asked.at(-1);
  assert.equal(told.id, 7);
  assert.deepEqual([method, headers['Content-Type'], body], ['POST', 'image/png', file]);
  const query = new URL(address).searchParams;
  assert.deepEqual([...query], [['name', 'a cat.png'], ['duration_ms', '1200'], ['waveform', '1,50,100']]);
  await upload(auth, file, { name: 'mine' });
  assert.equal(new URL(asked.at(-1).address).searchParams.get('name'), 'mine');
});

it('is given up when nobody wants it any more', async () => {
  await assert.rejects(upload(auth, file, { signal: AbortSignal.abort() }), { name: 'AbortError' });
});

it('tells how far it is where a page can know', async () => {
  const headers = {};
  globalThis.XMLHttpRequest = class {
    upload = {};
    status = 201;
    response = '{"id": 8}';
    open(...where) {
      this.where = where;
    }
    setRequestHeader(name, value) {
      headers[name] = value;
    }
    send(body) {
      assert.equal(body, file);
      this.upload.onprogress({ loaded: 1, total: 4 });
      this.onload();
    }
  };
  const shares = [];
  const told = await upload(auth, file, { onProgress: (share) => shares.push(share) });
  assert.deepEqual([told.id, shares, headers['Content-Type']], [8, [0.25], 'image/png']);
});
