import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { createFailpoints, FAILPOINT_NAMES, parseFailpoint } from './failpoints.ts';

describe('failpoints', () => {
  test('kill once, at the n-th time of their own place', () => {
    for (const name of FAILPOINT_NAMES) {
      const kills: number[] = [];
      let passed = 0;
      const failpoints = createFailpoints(`${name}:kill:2`, () => kills.push(passed));
      for (; passed < 4; passed += 1) for (const each of FAILPOINT_NAMES) failpoints.hit(each);
      assert.deepEqual(kills, [1], name);
    }
  });

  test('the first time is meant where no number is given, and nothing where nothing is set', () => {
    assert.deepEqual(parseFailpoint('after-write:kill'), { name: 'after-write', hits: 1 });
    const failpoints = createFailpoints(undefined, () => assert.fail('nobody asked for a kill'));
    for (const name of FAILPOINT_NAMES) failpoints.hit(name);
  });

  test('what names no place, or no kill, is none', () => {
    for (const text of ['after-write', 'nowhere:kill', 'after-write:kill:0', 'after-write:stop', ''])
      assert.equal(parseFailpoint(text), undefined, text);
  });
});
