import type { TimeSeriesStore } from '@lumina/bff/timestream';

/** Whether all that a worker took is accounted for, and the depths of queues agree with who came and went. */
export interface BalanceReport {
  /** Rows of accounting: one for each source, worker and 10 s. */
  readonly slots: number;
  readonly deliveries: number;
  /** Queues and minutes in which the balance was drawn up. */
  readonly queueMinutes: number;
  readonly broken: readonly string[];
}

const MINUTE_MS = 60_000;
/** A depth is known from a snapshot not older than this. */
const LEVEL_AGE_MS = MINUTE_MS;
const CLASSES = ['stored', 'late', 'duplicate', 'rejected', 'dead_lettered'] as const;

type Row = Readonly<Record<string, unknown>>;
const num = (row: Row, name: string): number => Number(row[name] ?? 0);
const text = (row: Row, name: string): string => {
  const value = row[name];
  return typeof value === 'string' ? value : '';
};

/** Deliveries = stored + late + duplicate + rejected + dead-lettered, in every slot of every source and worker. */
async function accounting(store: TimeSeriesStore): Promise<Omit<BalanceReport, 'queueMinutes'>> {
  const rows = await store.query(
    `SELECT source, worker, to_milliseconds(time) AS at_ms, deliveries, ${CLASSES.join(', ')} ` +
      `FROM "lumina"."system_metrics" WHERE territory_id = '0' AND measure_name = 'ingest'`,
  );
  const broken: string[] = [];
  let deliveries = 0;
  for (const row of rows) {
    deliveries += num(row, 'deliveries');
    const settled = CLASSES.reduce((sum, name) => sum + num(row, name), 0);
    if (settled === num(row, 'deliveries')) continue;
    const slot = new Date(num(row, 'at_ms')).toISOString();
    broken.push(
      `accounting of ${text(row, 'source')} by ${text(row, 'worker')} at ${slot}: ` +
        `${String(num(row, 'deliveries'))} deliveries, ${String(settled)} settled`,
    );
  }
  return { slots: rows.length, deliveries, broken };
}

/** Something that changed the depth of a queue, and what the visits of a leave add up to. */
interface Flow {
  readonly atMs: number;
  readonly step: number;
  /** answered + abandoned + flow-out + resumed, less the visits. */
  readonly surplus: number;
}

const FLOWS: Readonly<Record<string, string>> = {
  join: 'at_ms AS at_ms, n AS step, 0 AS outcomes, 0 AS visits',
  resume: 'at_ms AS at_ms, n AS step, 0 AS outcomes, 0 AS visits',
  visit: 'join_ms + wait_ms AS at_ms, 0 - n AS step, answered + abandoned + flowout + resumed AS outcomes, n AS visits',
};

async function flowsByQueue(store: TimeSeriesStore, territoryId: number): Promise<Map<string, Flow[]>> {
  const flows = new Map<string, Flow[]>();
  for (const [name, columns] of Object.entries(FLOWS)) {
    const rows = await store.query(
      `SELECT queue_id, ${columns} FROM "lumina"."queue_metrics" ` +
        `WHERE territory_id = '${String(territoryId)}' AND measure_name = '${name}' AND n IS NOT NULL`,
    );
    for (const row of rows) {
      const own = flows.get(text(row, 'queue_id')) ?? [];
      flows.set(text(row, 'queue_id'), own);
      const surplus = num(row, 'outcomes') - num(row, 'visits');
      own.push({ atMs: num(row, 'at_ms'), step: num(row, 'step'), surplus });
    }
  }
  return flows;
}

interface Level {
  readonly atMs: number;
  readonly depth: number;
}

/** Depths as the snapshots told them; a queue without a row at a beat of its part was empty. */
async function levelsByQueue(store: TimeSeriesStore, territoryId: number): Promise<Map<string, Level[]>> {
  const rows = await store.query(
    `SELECT queue_id, part, at_ms, depth FROM "lumina"."queue_metrics" ` +
      `WHERE territory_id = '${String(territoryId)}' AND measure_name = 'level'`,
  );
  const partOf = new Map<string, string>();
  const beats = new Map<string, number[]>();
  const depths = new Map<string, number>();
  for (const row of rows) {
    const [queue, part, atMs] = [text(row, 'queue_id'), text(row, 'part'), num(row, 'at_ms')];
    if (queue === '*') beats.set(part, [...(beats.get(part) ?? []), atMs]);
    else {
      partOf.set(queue, part);
      depths.set(`${queue} ${String(atMs)}`, num(row, 'depth'));
    }
  }
  const levels = new Map<string, Level[]>();
  for (const [queue, part] of partOf) {
    const own = (beats.get(part) ?? []).sort((a, b) => a - b);
    levels.set(
      queue,
      own.map((atMs) => ({ atMs, depth: depths.get(`${queue} ${String(atMs)}`) ?? 0 })),
    );
  }
  return levels;
}

const stepsIn = (flows: readonly Flow[], isIn: (atMs: number) => boolean): number =>
  flows.reduce((sum, { atMs, step }) => (isIn(atMs) ? sum + step : sum), 0);

/** The depth just before an instant: the last level and what moved since; undefined without a level in time. */
function depthBefore(levels: readonly Level[], flows: readonly Flow[], beforeMs: number): number | undefined {
  const level = levels.findLast(({ atMs }) => atMs < beforeMs && atMs >= beforeMs - LEVEL_AGE_MS);
  return level && level.depth + stepsIn(flows, (atMs) => atMs > level.atMs && atMs < beforeMs);
}

/** depth(a) + joins + resumes - leaves = depth(b) for every queue and minute [a, b), and leaves are their outcomes. */
async function conservation(
  store: TimeSeriesStore,
  span: { readonly territoryId: number; readonly fromMs: number; readonly toMs: number },
): Promise<Pick<BalanceReport, 'queueMinutes' | 'broken'>> {
  const levels = await levelsByQueue(store, span.territoryId);
  const flows = await flowsByQueue(store, span.territoryId);
  const broken: string[] = [];
  let queueMinutes = 0;
  for (const [queue, own] of levels) {
    const moves = flows.get(queue) ?? [];
    for (let fromMs = Math.ceil(span.fromMs / MINUTE_MS) * MINUTE_MS; fromMs < span.toMs; fromMs += MINUTE_MS) {
      const toMs = fromMs + MINUTE_MS;
      const inside = (atMs: number): boolean => atMs >= fromMs && atMs < toMs;
      const before = depthBefore(own, moves, fromMs);
      const after = depthBefore(own, moves, toMs);
      const surplus = moves.reduce((sum, flow) => (inside(flow.atMs) ? sum + flow.surplus : sum), 0);
      // Without snapshots for a minute nothing can be said; that they come is the comparison's to check.
      if (before === undefined || after === undefined) continue;
      queueMinutes += 1;
      const expected = before + stepsIn(moves, inside);
      if (expected === after && surplus === 0) continue;
      broken.push(
        `${queue} from ${new Date(fromMs).toISOString()}: ${String(before)} and what moved is ${String(expected)}, ` +
          `found ${String(after)}; outcomes beyond leaves: ${String(surplus)}`,
      );
    }
  }
  return { queueMinutes, broken };
}

/** Draws up both balances from the store, by SQL alone. */
export async function checkBalances(
  store: TimeSeriesStore,
  span: { readonly territoryId: number; readonly fromMs: number; readonly toMs: number },
): Promise<BalanceReport> {
  const { broken, ...accounted } = await accounting(store);
  const conserved = await conservation(store, span);
  return { ...accounted, queueMinutes: conserved.queueMinutes, broken: [...broken, ...conserved.broken] };
}
