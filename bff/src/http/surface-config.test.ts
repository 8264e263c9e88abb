import assert from 'node:assert/strict';
import { it } from 'node:test';
import { SettingReader } from '../setting-reader.ts';
import { DEFAULT_RATE_LIMITS } from './rate-limits.ts';
import { readSurface } from './surface-config.ts';

it('limits are the usual ones where nothing else is said, and others only for what is named', () => {
  const usual = readSurface(new SettingReader({}));
  assert.deepEqual(usual.rateLimits, DEFAULT_RATE_LIMITS);
  assert.deepEqual([usual.load, usual.pageFrameAncestors], [{ maxInFlight: 2_000, maxLoopDelayMs: 500 }, []]);
  const reader = new SettingReader({
    RATE_LIMITS: '{"queries": {"user": 5}, "exports": {"territory": 7}}',
    PAGE_FRAME_ANCESTORS: 'https://*.lightning.force.com, https://app.example:8443',
  });
  const { rateLimits, pageFrameAncestors } = readSurface(reader);
  assert.deepEqual(rateLimits?.queries, { ...DEFAULT_RATE_LIMITS.queries, user: 5 });
  assert.deepEqual(rateLimits.exports, { ...DEFAULT_RATE_LIMITS.exports, territory: 7 });
  assert.deepEqual(pageFrameAncestors, ['https://*.lightning.force.com', 'https://app.example:8443']);
  assert.deepEqual(reader.problems, []);
});

it('names what cannot be meant', () => {
  for (const [name, value] of [
    ['RATE_LIMITS', '{"query": {"user": 5}}'],
    ['RATE_LIMITS', '{"queries": {"users": 5}}'],
    ['RATE_LIMITS', '{"queries": {"user": 0}}'],
    ['RATE_LIMITS', '{"queries": 5}'],
    ['RATE_LIMITS', '[]'],
    ['MAX_REQUESTS_IN_FLIGHT', '0'],
    ['MAX_LOOP_DELAY_MS', 'often'],
    ['TOKEN_REQUESTS_PER_CLIENT', '0'],
    ['PAGE_FRAME_ANCESTORS', '*'],
    ['PAGE_FRAME_ANCESTORS', 'http://app.example'],
    ['PAGE_FRAME_ANCESTORS', "https://app.example; script-src 'unsafe-inline'"],
    ['PAGE_FRAME_ANCESTORS', 'https://app.example/path'],
  ] as const) {
    const reader = new SettingReader({ [name]: value });
    readSurface(reader);
    assert.equal(reader.problems.length, 1, `${name}=${value}`);
    assert.ok(reader.problems[0]?.startsWith(name));
  }
});
