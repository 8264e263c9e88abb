import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { it } from 'node:test';
import { promisify } from 'node:util';

const SCRIPT = `
import { setTimeout as delay } from 'node:timers/promises';
const startedMs = Date.now();
const wallMs = performance.now();
await delay(2_000);
await new Promise((resolve) => setTimeout(resolve, 2_000));
process.stdout.write(JSON.stringify({ startedMs, passedMs: Date.now() - startedMs, wallMs: performance.now() - wallMs,
  isDate: new Date().getTime() - Date.now() < 50 && new Date(5) instanceof Date }));
`;

it('runs a process by another clock', async () => {
  const baseMs = Date.parse('2026-11-24T23:30:00Z');
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--import', new URL('scaled-clock.mjs', import.meta.url).href, '--input-type=module', '--eval', SCRIPT],
    {
      env: {
        LUMINA_CLOCK_SPEED: '20',
        LUMINA_CLOCK_ORIGIN_MS: String(Date.now()),
        LUMINA_CLOCK_BASE_MS: String(baseMs),
      },
    },
  );
  const told = JSON.parse(stdout) as { startedMs: number; passedMs: number; wallMs: number; isDate: boolean };
  assert.ok(told.startedMs >= baseMs && told.startedMs < baseMs + 3_600_000);
  assert.ok(told.passedMs >= 4_000, 'the timers follow the clock');
  assert.ok(told.wallMs < told.passedMs / 2, 'and the clock runs faster than the machine');
  assert.ok(told.isDate);
});
