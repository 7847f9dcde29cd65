import assert from 'node:assert/strict';
import { it } from 'node:test';
import { withChange, withNewest, withPage, windowWith } from '../../../backend/web/sdk/timeline.js';
import { dice } from '../programs/dice.mjs';

const message = (id) => ({ id, content: `${id}` });

/** The page a server with these messages gives. */
const page = (ids, { before, after, around }, limit = 3) => {
  let found = before ? ids.filter((id) => id < before).slice(-limit) : ids.slice(-limit);
  if (after) found = ids.filter((id) => id > after).slice(0, limit);
  if (around) {
    const newer = ids.filter((id) => id > around).slice(0, 1);
    found = [...ids.filter((id) => id <= around).slice(-(limit - newer.length)), ...newer];
  }
  const below = found.length ? found[0] : after ? after + 1 : (before ?? Infinity);
  const above = found.length ? found.at(-1) : after ?? (before ?? Infinity) - 1;
  return {
    messages: found.map(message).reverse(),
    more_before: ids.some((id) => id < below),
    more_after: ids.some((id) => id > above),
  };
};
const ids = (windows) => windows.map((each) => each.messages.map(({ id }) => id));

it('keeps what was jumped to apart from what is live', () => {
  const all = Array.from({ length: 20 }, (_, index) => index + 1);
  let windows = withPage([], page(all, {}), {});
  windows = withPage(windows, page(all, { around: 5 }), { around: 5 });
  assert.deepEqual(ids(windows), [[4, 5, 6], [18, 19, 20]]);
  windows = withNewest(windows, message(21));
  assert.deepEqual(ids(windows), [[4, 5, 6], [18, 19, 20, 21]]);
  assert.deepEqual(windowWith(windows, 5)?.moreAfter, true);
  assert.equal(windowWith(windows, null), windows[1]);
  assert.equal(windowWith(windows, 10), undefined);
});

it('takes no live message while only a part of the past is loaded', () => {
  const windows = withPage([], page([1, 2, 3, 4, 5], { around: 2 }), { around: 2 });
  assert.deepEqual(ids(withNewest(windows, message(6))), [[1, 2, 3]]);
});

it('replaces only what has changed', () => {
  const windows = withPage([], page([1, 2, 3], {}), {});
  const changed = withChange(windows, (each) => (each.id == 2 ? { ...each, content: 'new' } : each));
  assert.deepEqual(changed[0].messages.map(({ content }) => content), ['1', 'new', '3']);
  const isSame = changed[0].messages.map((each, index) => each === windows[0].messages[index]);
  assert.deepEqual(isSame, [true, false, true]);
});

it('never leaves a gap within a window, whatever is read and sent in whatever order', () => {
  for (let seed = 0; seed < 400; seed++) {
    const random = dice(seed);
    const some = (list) => list[Math.floor(random() * list.length)];
    const all = [];
    let [windows, next] = [[], 1];
    for (let step = 0; step < 30; step++) {
      if (random() < 0.4) {
        next += 1 + Math.floor(random() * 3);
        all.push(next);
        windows = withNewest(windows, message(next));
      } else {
        const at = some(all.length && random() < 0.9 ? all : [1, next + 1]);
        const asked = some([{}, { before: at }, { after: at }, { around: at }]);
        windows = withPage(windows, page(all, asked), asked);
      }
      check(windows, all, `seed ${seed}, step ${step}`);
    }
  }
});

const check = (windows, all, where) => {
  assert(windows.filter((each) => !each.moreAfter).length <= 1, `${where}: two live ones`);
  const shown = windows.flatMap((each) => each.messages.map(({ id }) => id));
  assert.deepEqual(shown, [...new Set(shown)].sort((a, b) => a - b), `${where}: overlap`);
  for (const { messages, moreBefore, moreAfter } of windows) {
    const [first, last] = [messages[0]?.id, messages.at(-1)?.id];
    const between = messages.length ? all.filter((id) => id >= first && id <= last) : [];
    assert.deepEqual(messages.map(({ id }) => id), between, `${where}: a gap`);
    if (messages.length) {
      assert.equal(moreBefore, all[0] != first, `${where}: moreBefore`);
      assert.equal(moreAfter, all.at(-1) != last, `${where}: moreAfter`);
    }
  }
};
