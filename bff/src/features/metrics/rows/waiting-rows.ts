import { MISSING, factDefinition } from '@lumina/contracts';
import type { DataRow } from '@lumina/contracts';
import { all, any, binary, call, column, derived, equal, integer, text, when } from '../../../timestream/sql/ast.ts';
import type { Expr } from '../../../timestream/sql/ast.ts';
import type { Row } from '../../../timestream/port.ts';
import { scopeOf } from '../plan/scope.ts';
import { numberOf, textOf } from '../scans/cells.ts';
import { membership, membershipOf } from '../scans/membership.ts';
import type { Membership } from '../scans/membership.ts';
import { during } from '../scans/row-predicates.ts';
import { ScanSet } from '../scans/scan-set.ts';
import { readingsAtBinEnds } from '../tables/level-readings.ts';
import type { Reading } from '../tables/level-readings.ts';
import { Grid, HOUR_MS, MINUTE_MS } from '../time/grid.ts';
import { pageOf } from './row-page.ts';
import type { RowPage, RowQuery, RowReader, RowSources } from './row-query.ts';

/** Nobody is believed to have waited longer. */
const LONGEST_WAIT_MS = 12 * HOUR_MS;
/** How long before the oldest who waits somebody may have joined whose visit still matters: one who left and came back. */
const SLACK_MS = HOUR_MS;

/** Who waits now: visits that were entered more often than they were left. */
export const WAITING_ROWS: RowReader = {
  defaultOrder: { column: 'join_ms', isDescending: false },
  orders: ['join_ms', 'wait_ms', 'queue_id'],
  filters: ['queue_id'],
  permissions: ['metrics:read'],
  read: readWaiting,
};

async function readWaiting(query: RowQuery, sources: RowSources): Promise<RowPage> {
  const { identity, nowMs } = query;
  const limits = await scopeOf('queue_metrics.visit', identity.scope, identity.territoryId, sources.directory);
  const where = [...limits, ...query.filters.map(membershipOf)];
  const reading = await readLevels(limits, sources, nowMs);
  const rows = await readEntered(where, { fromMs: oldestOf(reading, nowMs), toMs: nowMs }, sources);
  const waiting = rows.flatMap((row): DataRow[] => {
    const queueId = textOf(row, 'g1');
    // One whose join lies before all that was read has come back: then it is known since when at the latest.
    const joinMs = numberOf(row, 'p1') > 0 ? numberOf(row, 'p1') : numberOf(row, 'p2');
    if (hasLeft(reading, queueId, { joinMs, enteredMs: numberOf(row, 'p2') })) return [];
    const [visitId, callId] = [textOf(row, 'g0'), textOf(row, 'g2')];
    return [
      {
        // A producer that gives one visit to two queues shows it in both, and they must be told apart.
        key: JSON.stringify([visitId, queueId, callId]),
        visit_id: visitId,
        call_id: callId,
        queue_id: queueId,
        join_ms: joinMs,
        wait_ms: Math.max(0, nowMs - joinMs),
      },
    ];
  });
  return pageOf(waiting, query);
}

/** What the queues were at their last sample; undefined when there is none. */
async function readLevels(
  limits: readonly Membership[],
  { scans }: RowSources,
  nowMs: number,
): Promise<Reading | undefined> {
  const grid = Grid.uniform({ fromMs: nowMs - MINUTE_MS, toMs: nowMs }, MINUTE_MS);
  const selection = { fact: 'queue_metrics.level' as const, limits, filters: [], groupBy: ['queue_id'] };
  const samples = await new ScanSet(scans, nowMs).samples(selection, ['depth', 'oldest_join_ms'], grid);
  return readingsAtBinEnds(samples, grid).at(-1);
}

/** How far back those who wait may have joined. */
function oldestOf(reading: Reading | undefined, nowMs: number): number {
  const earliestMs = nowMs - LONGEST_WAIT_MS;
  if (reading === undefined || reading.isPartial) return earliestMs;
  const joins = reading.rows.flatMap(({ values: [depth, oldestMs] }) => (depth === 0 ? [] : [oldestMs ?? earliestMs]));
  return Math.max(earliestMs, Math.min(reading.atMs, ...joins) - SLACK_MS);
}

/**
 * Whether the sample knows better than the events: whose join lies before the oldest one's, or whose queue is empty, has
 * left unnoticed. It says nothing of who entered after it.
 */
function hasLeft(
  reading: Reading | undefined,
  queueId: string,
  { joinMs, enteredMs }: { readonly joinMs: number; readonly enteredMs: number },
): boolean {
  if (reading === undefined) return false;
  const row = reading.rows.find(({ series }) => series === queueId);
  if (row === undefined && reading.isPartial) return false;
  if (enteredMs > (row?.atMs ?? reading.atMs)) return false;
  const [depth = 0, oldestMs] = row?.values ?? [];
  return depth === 0 || (oldestMs !== undefined && joinMs < oldestMs);
}

async function readEntered(
  where: readonly Membership[],
  range: { readonly fromMs: number; readonly toMs: number },
  { statements }: RowSources,
): Promise<Row[]> {
  const definition = factDefinition('queue_metrics.visit');
  const is = (name: string): Expr => equal(column('measure_name'), text(name));
  const n = column('n');
  const visit = call('coalesce', column('visit_id'), text(MISSING));
  const rows = await statements.read({
    with: [
      {
        name: 'slots',
        select: {
          columns: [
            { expr: visit, as: 'g0' },
            { expr: column('queue_id'), as: 'g1' },
            { expr: call('max', column('call_id')), as: 'g2' },
            { expr: call('sum', when(is('visit'), binary('*', integer(-1), n), n)), as: 'p0' },
            { expr: call('max', when(is('join'), column('at_ms'), integer(0))), as: 'p1' },
            { expr: call('max', when(is('visit'), integer(0), column('at_ms'))), as: 'p2' },
          ],
          from: { kind: 'table', table: 'queue_metrics' },
          where: all(
            during(range),
            any(is('join'), is('resume'), is('visit')),
            ...where.map((item) => membership(definition, item)),
          ),
          groupBy: [visit, column('queue_id')],
        },
      },
    ],
    columns: ['g0', 'g1', 'g2', 'p1', 'p2'].map((name) => ({ expr: derived(name, 's'), as: name })),
    from: { kind: 'common', name: 'slots', as: 's' },
    where: binary('>', derived('p0', 's'), integer(0)),
  });
  return rows.filter((row) => textOf(row, 'g0') !== MISSING);
}
