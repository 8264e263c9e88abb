import { BIN_MS, PLATFORM_TERRITORY_ID, isMetricId, metricDefinition } from '@lumina/contracts';
import type { MetricQuery, MetricQueryRequest, MetricReply, Permission, QueryError, RowScope } from '@lumina/contracts';
import type { TimeSeriesStore } from '../../timestream/port.ts';
import { answer } from './evaluate/answer.ts';
import type { Answer } from './evaluate/answer.ts';
import { serviceLevelOptions } from './evaluate/service-level.ts';
import { planMetric } from './plan/plan-metric.ts';
import type { ReadParts } from './plan/metric-plan.ts';
import { checkRetention, prepareMetric } from './plan/prepare.ts';
import type { PreparedMetric } from './plan/prepare.ts';
import { QueryRefusal } from './plan/query-error.ts';
import type { AgentDirectory, Territory } from './plan/scope.ts';
import { Reader } from './scans/reader.ts';
import { ScanSet } from './scans/scan-set.ts';
import { readWatermark } from './scans/watermark.ts';
import { compareShiftMs } from './time/compare.ts';
import { DAY_MS, autoBin, gridOf } from './time/grid.ts';
import type { BinName, Grid } from './time/grid.ts';
import { resolveRange } from './time/range.ts';
import type { TimeRange } from './time/range.ts';

/** Who asks: the part of a verified identity that decides what may be read. */
export interface QueryIdentity {
  readonly territoryId: number;
  readonly regionId: number;
  readonly permissions: readonly Permission[];
  readonly scope?: RowScope;
}

/** The directory, as far as metrics need it. */
export interface MetricsDirectory extends AgentDirectory {
  /** The reporting zone of a territory; undefined when the territory is not known. */
  timeZoneOf: (tenant: Territory) => Promise<string | undefined>;
}

export interface MetricServiceOptions {
  readonly store: TimeSeriesStore;
  readonly directory: MetricsDirectory;
  readonly clock?: () => number;
}

const MAX_POINTS_PER_SERIES = 11_000;
/** Of all series of one request, before grouping: some 15 MB, and a second of work nobody else is served in. */
const MAX_POINTS_PER_REPLY = 1_000_000;
const FALLBACK_ZONE = 'UTC';

type Compare = NonNullable<MetricQuery['compare']>;

interface Frame {
  readonly request: MetricQueryRequest;
  readonly identity: QueryIdentity;
  readonly territoryId: number;
  readonly zone: string;
  readonly range: TimeRange;
  readonly bin: BinName;
  readonly nowMs: number;
}

interface Task {
  readonly query: MetricQuery;
  readonly metric: PreparedMetric;
  readonly grid: Grid;
  readonly shiftMs: number;
  readonly compare: Compare | undefined;
  readonly read: ReadParts;
}

/** Answers metric queries: plans all queries of a request together, reads few scans, computes metrics last. */
export class MetricService {
  readonly #store: TimeSeriesStore;
  readonly #directory: MetricsDirectory;
  readonly #clock: () => number;

  constructor({ store, directory, clock = Date.now }: MetricServiceOptions) {
    this.#store = store;
    this.#directory = directory;
    this.#clock = clock;
  }

  /** Throws `RangeRequestError` for a range that cannot be read; refuses single queries in the reply's `errors`. */
  async query(request: MetricQueryRequest, identity: QueryIdentity, signal?: AbortSignal): Promise<MetricReply> {
    const frame = await this.#frame(request, identity);
    const reader = new Reader(this.#store, { territoryId: frame.territoryId, regionId: identity.regionId }, signal);
    const scans = new ScanSet(reader, frame.nowMs);
    const errors: QueryError[] = [];
    const tasks: Task[] = [];
    let points = 0;
    for (const query of request.queries) {
      for (const id of new Set(query.metrics)) {
        try {
          const planned = await this.#plan(id, query, frame, scans);
          points += planned.reduce((sum, { grid }) => sum + grid.size, 0);
          checkReplySize(points);
          tasks.push(...planned);
        } catch (error) {
          if (!(error instanceof QueryRefusal)) throw error;
          errors.push({ ref: query.ref, code: error.code, detail: error.message });
        }
      }
    }
    const [watermark, answers] = await Promise.all([
      readWatermark(reader, frame.territoryId, frame.nowMs),
      Promise.all(tasks.map(compute)),
    ]);
    return {
      data: answers.flatMap(({ data }) => data),
      aggregations: answers.flatMap(({ aggregations }) => aggregations),
      errors,
      meta: {
        bin: frame.bin,
        from: frame.range.fromMs,
        to: frame.range.toMs,
        timeZone: frame.zone,
        asOf: frame.nowMs,
        watermark: watermark ?? null,
        cache: { state: 'miss', fetched: reader.queries },
        definitions: definitionsOf(tasks),
      },
    };
  }

  async #frame(request: MetricQueryRequest, identity: QueryIdentity): Promise<Frame> {
    const nowMs = this.#clock();
    const territoryId = request.territory === 'platform' ? PLATFORM_TERRITORY_ID : identity.territoryId;
    const zone =
      request.timeZone ?? (await this.#directory.timeZoneOf({ territoryId: identity.territoryId })) ?? FALLBACK_ZONE;
    const range = resolveRange(request.range, nowMs, zone);
    const bin = request.bin === undefined || request.bin === 'auto' ? autoBin(range) : request.bin;
    return { request, identity, territoryId, zone, range, bin, nowMs };
  }

  async #plan(id: string, query: MetricQuery, frame: Frame, scans: ScanSet): Promise<Task[]> {
    checkTerritory(id, frame);
    const shifts: { compare: Compare | undefined; shiftMs: number }[] = [{ compare: undefined, shiftMs: 0 }];
    if (query.compare !== undefined) {
      shifts.push({
        compare: query.compare,
        shiftMs: compareShiftMs(query.compare, frame.request.range, frame.range, frame.zone),
      });
    }
    const tasks: Task[] = [];
    for (const { compare, shiftMs } of shifts) {
      const grid = gridFor(frame, shiftMs);
      const audience = { territoryId: frame.territoryId, scope: frame.identity.scope };
      const metric = await prepareMetric(id, query, grid, audience, this.#directory);
      const options = serviceLevelOptions(query.options ?? {});
      const read = planMetric(metric.formula, {
        scans,
        grid,
        nowMs: frame.nowMs,
        options,
        rowsOf: metric.rowsOf,
        fromSlices: metric.fromSlices,
      });
      tasks.push({ query, metric, grid, shiftMs, compare, read });
    }
    return tasks;
  }
}

async function compute({ query, metric, grid, shiftMs, compare, read }: Task): Promise<Answer> {
  const table = await read();
  return answer({ query, metric, table, grid, shiftMs, ...(compare === undefined ? {} : { compare }) });
}

function gridFor({ range, bin, zone, nowMs }: Frame, shiftMs: number): Grid {
  checkRetention(range.fromMs - shiftMs, nowMs);
  const binMs = bin === '1d' ? DAY_MS : BIN_MS[bin];
  if ((range.toMs - range.fromMs) / binMs > MAX_POINTS_PER_SERIES) {
    throw new QueryRefusal(
      'bin_too_small',
      `A series has at most ${MAX_POINTS_PER_SERIES} points; use a wider bin or a shorter range.`,
    );
  }
  return gridOf({ fromMs: range.fromMs - shiftMs, toMs: range.toMs - shiftMs }, bin, zone);
}

function checkReplySize(points: number): void {
  if (points <= MAX_POINTS_PER_REPLY) return;
  throw new QueryRefusal(
    'bin_too_small',
    `All series of a request have at most ${MAX_POINTS_PER_REPLY} points; use a wider bin, a shorter range or fewer metrics.`,
  );
}

function checkTerritory(id: string, { request, identity }: Frame): void {
  const wantsPlatform = request.territory === 'platform';
  if (wantsPlatform && !identity.permissions.includes('system:read')) {
    throw new QueryRefusal('forbidden', 'Metrics of the platform need the permission system:read.');
  }
  if (id === 'ingest_lag' && !wantsPlatform) {
    throw new QueryRefusal(
      'unknown_metric',
      'ingest_lag exists only for the platform; ask with "territory": "platform".',
    );
  }
}

function definitionsOf(tasks: readonly Task[]): MetricReply['meta']['definitions'] {
  const ids = [...new Set(tasks.map(({ metric }) => metric.definition.id))].filter(isMetricId);
  return Object.fromEntries(
    ids.map((id) => {
      const { version, text } = metricDefinition(id);
      return [id, { version, text }];
    }),
  );
}
