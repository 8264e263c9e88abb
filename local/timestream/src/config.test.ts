import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readConfig } from './config.ts';

test('flags win over the environment, the environment over defaults', () => {
  const env = { PORT: '1', DATA_DIR: '/env' };
  assert.deepEqual(readConfig(['--port', '2', '--memory-limit-mb', '300'], { ...env, MEMORY_LIMIT_MB: '200' }), {
    host: '127.0.0.1',
    port: 2,
    dataDir: '/env',
    memoryLimitMb: 300,
    queryTimeoutMs: 60_000,
  });
});

test('every bad setting is reported at once', () => {
  assert.throws(
    () => readConfig(['--port', 'x', '--query-timeout-ms', '0'], {}),
    /PORT must be a port number[\s\S]*DATA_DIR is not set[\s\S]*QUERY_TIMEOUT_MS must be/,
  );
});
