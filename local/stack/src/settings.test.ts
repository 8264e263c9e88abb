import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readStackSettings } from './settings.ts';

test('nothing set means port 8080, the folder .lumina and traffic', () => {
  assert.deepEqual(readStackSettings({}, [], '/project'), {
    portBase: 8080,
    dataDir: '/project/.lumina',
    simulator: true,
  });
});

test('base, folder and quiet can be asked for', () => {
  const env = { LUMINA_PORT_BASE: '9000', LUMINA_DATA_DIR: '/elsewhere' };
  assert.deepEqual(readStackSettings(env, ['--no-simulator'], '/project'), {
    portBase: 9000,
    dataDir: '/elsewhere',
    simulator: false,
  });
});

test('every mistake is reported at once', () => {
  assert.throws(
    () => readStackSettings({ LUMINA_PORT_BASE: '70000' }, ['--no-simulation'], '/project'),
    (error: Error) => error.message.includes('LUMINA_PORT_BASE') && error.message.includes('--no-simulation'),
  );
});
