import assert from 'node:assert/strict';
import { it } from 'node:test';
import { MEASURES } from '../../features/metrics/testing/drawn-requests.ts';
import { LocalStore } from '../../features/metrics/testing/local-store.ts';
import { ManualClock } from './manual-clock.ts';
import { Schedule } from './schedule.ts';

const PAST_FACTS = 500;

/** One randomised run: when its clock begins, what it draws from, and how many steps it takes. */
export interface Run {
  readonly start: string;
  readonly seed: number;
  readonly steps: number;
}

/** A test that every answer of a run equals the store's, and that the run was not idle. */
export function itIsExact({ start, seed, steps }: Run): void {
  it(`equal what the store says, whatever happens, from ${start}`, async (t) => {
    const clock = new ManualClock(Date.parse(start));
    const local = await LocalStore.start(clock.now);
    try {
      const schedule = new Schedule(local, clock, { seed, firstMeasure: seed * 17 });
      await schedule.begin(PAST_FACTS);
      for (let step = 0; step < steps; step += 1) await schedule.step();
      await schedule.end();
      const { counts } = schedule;
      t.diagnostic(JSON.stringify(counts));
      assert.ok(counts.asked >= MEASURES.length, 'every metric and statistic is asked for');
      assert.ok(counts.waiting > steps, 'somebody waits');
      assert.ok(counts.live > steps / 10 && counts.deltas > 10 * steps, 'much of it is live');
      assert.ok(
        counts.compared > steps && counts.points > 10 * steps,
        'much of it is compared, and something is there',
      );
    } finally {
      await local.close();
    }
  });
}
