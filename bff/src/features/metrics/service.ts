import { BIN_MS, PLATFORM_TERRITORY_ID } from '@lumina/contracts';
import type {
  CustomMetric,
  MetricQuery,
  MetricQueryRequest,
  MetricReply,
  Permission,
  QueryError,
  RowScope,
} from '@lumina/contracts';
import type { Pseudonyms } from '../../auth/pseudonyms.ts';
import { asTheyAre } from '../../auth/pseudonyms.ts';
import type { BudgetState } from '../../timestream/query-budget.ts';
import { answer } from './evaluate/answer.ts';
import type { Answer } from './evaluate/answer.ts';
import { ReplySize, furtherSeries, inOrderOf } from './evaluate/reply-size.ts';
import { settingsNobodyChose } from './metric-settings.ts';
import type { MetricSettings, MetricSettingsSource, Moment, ZoneDirectory } from './metric-settings.ts';
import { planCustomMetric } from './plan/custom-measure.ts';
import { planCatalogueMetric } from './plan/measure.ts';
import type { Measure, MeasureContext } from './plan/measure.ts';
import { checkRetention } from './plan/prepare.ts';
import { QueryRefusal } from './plan/query-error.ts';
import { versionOfProduct } from './plan/settings-rules.ts';
import { scopeKey } from './plan/scope.ts';
import type { AgentDirectory, Territory } from './plan/scope.ts';
import type { ScanReaderFactory } from './scans/scan.ts';
import { ScanSet } from './scans/scan-set.ts';
import { compareShiftMs } from './time/compare.ts';
import { DAY_MS, autoBin, floorTo, gridOf } from './time/grid.ts';
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
export interface MetricsDirectory extends AgentDirectory, ZoneDirectory {}

/** The metrics that a territory has defined for itself. */
export interface CustomMetricSource {
  find: (tenant: Territory, id: string) => Promise<CustomMetric | undefined>;
}

export interface MetricServiceOptions {
  /** Where parts come from: the store, or what stands between. */
  readonly readers: ScanReaderFactory;
  readonly directory: MetricsDirectory;
  /** Zone, opening hours, definitions and retention; without it those of a territory that has chosen none. */
  readonly settings?: MetricSettingsSource | undefined;
  /** Without it no query can name a custom metric. */
  readonly customMetrics?: CustomMetricSource | undefined;
  /** Ids that filters name, as facts have them; default: as they are. */
  readonly pseudonyms?: Pseudonyms | undefined;
  readonly clock?: (() => number) | undefined;
  /** How a territory stands with its budget; undefined while all is well. */
  readonly budgetOf?: ((territoryId: number) => BudgetState | undefined) | undefined;
  /** Points of all series of one request, before grouping. */
  readonly maxPoints?: number | undefined;
  /** The instant at which a range that ends now is answered; later questions may share it. Default: now itself. */
  readonly instantFor?: ((nowMs: number, spanMs: number) => number) | undefined;
}

const MAX_POINTS_PER_SERIES = 11_000;
/** Some 15 MB, and a second of work nobody else is served in. */
const DEFAULT_MAX_POINTS = 1_000_000;
/** What ids of custom metrics begin with. */
const CUSTOM = 'custom:';

type Compare = NonNullable<MetricQuery['compare']>;

interface Frame {
  readonly request: MetricQueryRequest;
  readonly identity: QueryIdentity;
  readonly territoryId: number;
  readonly settings: MetricSettings;
  readonly zone: string;
  readonly range: TimeRange;
  readonly bin: BinName;
  readonly nowMs: number;
  readonly budget: BudgetState | undefined;
}

/** One metric of a query: now, and over the range it is compared with. */
interface Task {
  readonly query: MetricQuery;
  readonly current: PlannedRange;
  readonly compared: (PlannedRange & { readonly compare: Compare }) | undefined;
}

interface PlannedRange {
  readonly measure: Measure;
  readonly grid: Grid;
  readonly shiftMs: number;
}

/** Answers metric queries: plans all queries of a request together, reads few scans, computes metrics last. */
export class MetricService {
  readonly #readers: ScanReaderFactory;
  readonly #directory: MetricsDirectory;
  readonly #settings: MetricSettingsSource;
  readonly #customMetrics: CustomMetricSource | undefined;
  readonly #pseudonyms: Pseudonyms;
  readonly #clock: () => number;
  readonly #budgetOf: (territoryId: number) => BudgetState | undefined;
  readonly #maxPoints: number;
  readonly #instantFor: (nowMs: number, spanMs: number) => number;

  constructor(options: MetricServiceOptions) {
    const { readers, directory, customMetrics, clock = Date.now, instantFor } = options;
    this.#budgetOf = options.budgetOf ?? ((): undefined => undefined);
    this.#maxPoints = options.maxPoints ?? DEFAULT_MAX_POINTS;
    this.#readers = readers;
    this.#directory = directory;
    this.#settings = options.settings ?? settingsNobodyChose(directory);
    this.#customMetrics = customMetrics;
    this.#pseudonyms = options.pseudonyms ?? asTheyAre;
    this.#clock = clock;
    this.#instantFor = instantFor ?? ((nowMs): number => nowMs);
  }

  /** For several requests that must agree: they are answered as of one instant and by the same settings. */
  async moment({ territoryId }: Pick<QueryIdentity, 'territoryId'>): Promise<Moment> {
    return { settings: await this.#settings.versioned({ territoryId }), nowMs: this.#clock() };
  }

  /** Throws `RangeRequestError` for a range that cannot be read; refuses single queries in the reply's `errors`. */
  async query(
    request: MetricQueryRequest,
    identity: QueryIdentity,
    signal?: AbortSignal,
    moment?: Moment,
  ): Promise<MetricReply> {
    // Read once: whatever is changed meanwhile, all of a reply follows the same settings.
    const frame = this.#frame(request, identity, moment ?? (await this.moment(identity)));
    const { regionId, scope } = identity;
    const subject = { territoryId: frame.territoryId, regionId, scopeKey: scopeKey(scope) };
    const reader = this.#readers(subject, signal);
    const scans = new ScanSet(reader, frame.nowMs);
    const errors: QueryError[] = [];
    const tasks: Task[] = [];
    const size = new ReplySize(this.#maxPoints);
    for (const query of request.queries) {
      for (const id of new Set(query.metrics)) {
        try {
          const planned = await this.#plan(id, query, frame, scans);
          size.add(planned.current.grid.size + (planned.compared?.grid.size ?? 0));
          tasks.push(planned);
        } catch (error) {
          errors.push(refusalOf(query, error));
        }
      }
    }
    const [watermark, answers] = await Promise.all([
      reader.watermark(frame.nowMs),
      Promise.all(
        tasks.map(async (task) => {
          try {
            return await compute(task, size);
          } catch (error) {
            errors.push(refusalOf(task.query, error));
            return [];
          }
        }),
      ).then((found) => found.flat()),
    ]);
    return {
      data: answers.flatMap(({ data }) => data),
      aggregations: answers.flatMap(({ aggregations }) => aggregations),
      errors: inOrderOf(request.queries, errors),
      meta: {
        bin: frame.bin,
        from: frame.range.fromMs,
        to: frame.range.toMs,
        timeZone: frame.zone,
        asOf: frame.nowMs,
        watermark: watermark ?? null,
        cache: reader.account(),
        ...(frame.budget === undefined ? {} : { budget: frame.budget }),
        definitions: definitionsOf(tasks),
      },
    };
  }

  #frame(request: MetricQueryRequest, identity: QueryIdentity, { nowMs: clockMs, settings }: Moment): Frame {
    const territoryId = request.territory === 'platform' ? PLATFORM_TERRITORY_ID : identity.territoryId;
    const zone = request.timeZone ?? settings.body.timeZone;
    const { fromMs, toMs } = resolveRange(request.range, clockMs, zone, settings.body);
    const budget = this.#budgetOf(identity.territoryId);
    const instantMs = this.#instantFor(clockMs, toMs - fromMs);
    // Whoever has used up the budget is answered as of the last full minute: the same answer, from memory, until the next.
    const nowMs = budget?.state === 'slow' ? floorTo(instantMs, budget.refreshMs) : instantMs;
    const range = resolveRange(request.range, nowMs, zone, settings.body);
    const bin = request.bin === undefined || request.bin === 'auto' ? autoBin(range) : request.bin;
    return { request, identity, territoryId, settings, zone, range, bin, nowMs, budget };
  }

  async #plan(id: string, query: MetricQuery, frame: Frame, scans: ScanSet): Promise<Task> {
    checkTerritory(id, frame);
    const at = async (shiftMs: number): Promise<PlannedRange> => {
      const grid = gridFor(frame, shiftMs);
      const { territoryId, identity, settings } = frame;
      const audience = { territoryId, scope: identity.scope, idOfFacts: this.#pseudonyms(territoryId) };
      const context = { query, grid, nowMs: frame.nowMs, scans, audience, directory: this.#directory, settings };
      return { measure: await this.#measure(id, context), grid, shiftMs };
    };
    const current = await at(0);
    const { compare } = query;
    if (compare === undefined) return { query, current, compared: undefined };
    const compared = await at(
      compareShiftMs(compare, frame.request.range, frame.range, frame.zone, frame.settings.body),
    );
    return { query, current, compared: { ...compared, compare } };
  }

  async #measure(id: string, context: MeasureContext): Promise<Measure> {
    const { territoryId } = context.audience;
    const custom = id.startsWith(CUSTOM) ? await this.#customMetrics?.find({ territoryId }, id) : undefined;
    return custom === undefined ? planCatalogueMetric(id, context) : planCustomMetric(custom, context);
  }
}

async function compute({ query, current, compared }: Task, size: ReplySize): Promise<Answer[]> {
  const [tables, before] = await Promise.all([current.measure.read(), compared?.measure.read()]);
  size.add(furtherSeries(query, tables) * current.grid.size);
  const drawnOn = { grid: current.grid, shiftMs: 0 };
  const now = answer({ query, ...current, tables, drawnOn });
  if (compared === undefined || before === undefined) return [now];
  const like = query.top === undefined ? {} : { like: now.shown };
  const { measure, grid, shiftMs, compare } = compared;
  size.add(furtherSeries(query, before) * grid.size);
  return [
    now,
    answer({ query, measure, grid, tables: before, drawnOn: { grid: current.grid, shiftMs }, compare, ...like }),
  ];
}

/** A refusal as the reply tells it; any other error is thrown on. */
function refusalOf({ ref }: MetricQuery, error: unknown): QueryError {
  if (!(error instanceof QueryRefusal)) throw error;
  return { ref, code: error.code, detail: error.message };
}

function gridFor({ range, bin, zone, nowMs, settings }: Frame, shiftMs: number): Grid {
  checkRetention(range.fromMs - shiftMs, nowMs, settings.body.retentionDays);
  const binMs = bin === '1d' ? DAY_MS : BIN_MS[bin];
  if ((range.toMs - range.fromMs) / binMs > MAX_POINTS_PER_SERIES) {
    throw new QueryRefusal(
      'bin_too_small',
      `A series has at most ${MAX_POINTS_PER_SERIES} points; use a wider bin or a shorter range.`,
    );
  }
  return gridOf({ fromMs: range.fromMs - shiftMs, toMs: range.toMs - shiftMs }, bin, zone);
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

/** Where queries ask for one metric by different rules, only what all of them share is told. */
function definitionsOf(tasks: readonly Task[]): MetricReply['meta']['definitions'] {
  const definitions: MetricReply['meta']['definitions'] = {};
  for (const { current } of tasks) {
    const { id, definition } = current.measure;
    const { version, text, rules } = definition;
    const told = definitions[id];
    const whole = text + rules;
    const isShared = told === undefined || (told.text === whole && told.version === version);
    definitions[id] = isShared ? { version, text: whole } : { version: versionOfProduct(version), text };
  }
  return definitions;
}
