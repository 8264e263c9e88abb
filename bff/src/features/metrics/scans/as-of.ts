import { all, bin, call, column, equal } from '../../../timestream/sql/ast.ts';
import { HOUR_MS, MINUTE_MS } from '../time/grid.ts';
import type { TimeRange } from '../time/range.ts';
import { optionalNumber } from './cells.ts';
import type { Reader } from './reader.ts';
import { beatsOf } from './scan.ts';

// A part that has been silent for longer than this before the newest beat is retired, not late.
export const RETIRED_AFTER_MS = 10 * MINUTE_MS;

/**
 * The moment up to which state time is known: when the open slices were last extended. The agent snapshot in the first
 * slot of each UTC minute does that; with several parts the slowest one counts. Undefined when there was none.
 */
export async function readSliceAsOf(reader: Reader, range: TimeRange, nowMs: number): Promise<number | undefined> {
  // Beats after the range prove that it is complete.
  const toMs = Math.min(nowMs, range.toMs + RETIRED_AFTER_MS);
  const fromMs = range.fromMs - RETIRED_AFTER_MS;
  // The answer nearly always lies near the end; only where it does not, a long range is searched whole.
  const recentMs = Math.max(fromMs, toMs - HOUR_MS);
  const recent = await readAsOf(reader, { fromMs: recentMs, toMs });
  return recent ?? (recentMs > fromMs ? readAsOf(reader, { fromMs, toMs: recentMs }) : undefined);
}

async function readAsOf(reader: Reader, window: TimeRange): Promise<number | undefined> {
  const rows = await reader.read({
    columns: [
      { expr: column('part'), as: 'part' },
      { expr: call('max', column('at_ms')), as: 'at_ms' },
    ],
    from: { kind: 'table', table: 'agent_metrics' },
    where: all(beatsOf('agent_metrics.level', window), equal(column('time'), bin(column('time'), MINUTE_MS))),
    groupBy: [column('part')],
  });
  const beats = rows.flatMap((row) => optionalNumber(row, 'at_ms') ?? []);
  if (beats.length === 0) return undefined;
  const newest = Math.max(...beats);
  return Math.min(...beats.filter((atMs) => atMs >= newest - RETIRED_AFTER_MS));
}
