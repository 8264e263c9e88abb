import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readConfig } from './config.ts';

test('flags win over the environment, the environment over defaults', () => {
  const env = { PORT: '1', DATA_DIR: '/env' };
  assert.deepEqual(readConfig(['--port', '2'], env), { host: '127.0.0.1', port: 2, dataDir: '/env' });
});

test('every bad setting is reported at once', () => {
  assert.throws(() => readConfig(['--port', 'x'], {}), /PORT must be a port number[\s\S]*DATA_DIR is not set/);
});
