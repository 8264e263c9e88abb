import { MEMORY_RETENTION_HOURS, PLATFORM_TERRITORY_ID } from '@lumina/contracts';
import { all, binary, call, column } from '../../../timestream/sql/ast.ts';
import { HOUR_MS, MINUTE_MS } from '../time/grid.ts';
import type { TimeRange } from '../time/range.ts';
import { optionalNumber } from './cells.ts';
import { rowsOf } from './row-predicates.ts';
import type { TenantReader } from './tenant-reader.ts';

const RECENT_MS = 15 * MINUTE_MS;

/**
 * The arrival of the newest event of a territory that ingestion has stored: up to there its numbers are true. A working
 * switch sends a snapshot every ten seconds even when nobody calls, so a watermark that stands still is a pipeline that
 * stands still. Undefined when nothing has arrived for as long as the memory store goes back.
 */
export async function readWatermark(
  reader: TenantReader,
  territoryId: number,
  nowMs: number,
): Promise<number | undefined> {
  const recent = await readNewest(reader, territoryId, { fromMs: nowMs - RECENT_MS, toMs: nowMs });
  if (recent !== undefined) return recent;
  const oldestMs = nowMs - MEMORY_RETENTION_HOURS * HOUR_MS;
  return readNewest(reader, territoryId, { fromMs: oldestMs, toMs: nowMs - RECENT_MS });
}

async function readNewest(reader: TenantReader, territoryId: number, range: TimeRange): Promise<number | undefined> {
  const isPlatform = territoryId === PLATFORM_TERRITORY_ID;
  const rows = await reader.read({
    columns: [
      // The platform's own rows tell of every source; their slot is as fine as they get.
      {
        expr: isPlatform ? call('to_milliseconds', call('max', column('time'))) : call('max', column('last_ms')),
        as: 'at_ms',
      },
    ],
    from: { kind: 'table', table: 'system_metrics' },
    where: isPlatform
      ? rowsOf({ fact: 'system_metrics.ingest', where: [] }, range)
      : all(
          rowsOf({ fact: 'system_metrics.source', where: [] }, range),
          // Events that were all refused are no news: a board must not look fresh because somebody sends rubbish.
          binary('>', column('received'), column('rejected')),
        ),
  });
  return rows[0] === undefined ? undefined : optionalNumber(rows[0], 'at_ms');
}
