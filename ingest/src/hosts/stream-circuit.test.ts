import assert from 'node:assert/strict';
import { test } from 'node:test';

import { StreamCircuit } from './stream-circuit.ts';

test('after a failure one request a second tries the stream, until one succeeds', () => {
  const circuit = new StreamCircuit();
  assert.deepEqual([circuit.admits(0), circuit.admits(0)], [true, true]);
  circuit.failed(4000);
  assert.deepEqual(
    [4000, 4999, 5000, 5000, 5999, 6000].map((nowMs) => circuit.admits(nowMs)),
    [false, false, true, false, false, true],
  );
  circuit.failed(6500);
  assert.deepEqual([circuit.admits(7000), circuit.admits(7500)], [false, true]);
  circuit.succeeded();
  assert.deepEqual([circuit.admits(7501), circuit.admits(7501)], [true, true]);
});
