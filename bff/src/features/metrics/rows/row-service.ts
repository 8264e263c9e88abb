import { parseRowOrder } from '@lumina/contracts';
import type { RowKind, RowOrder, RowsReply, RowsRequest } from '@lumina/contracts';
import { asTheyAre } from '../../../auth/pseudonyms.ts';
import type { Pseudonyms } from '../../../auth/pseudonyms.ts';
import type { TimeSeriesStore } from '../../../timestream/port.ts';
import { settingsNobodyChose } from '../metric-settings.ts';
import type { MetricSettingsSource } from '../metric-settings.ts';
import { checkRetention } from '../plan/prepare.ts';
import { scopeKey } from '../plan/scope.ts';
import type { ScanReaderFactory } from '../scans/scan.ts';
import { TenantReader } from '../scans/tenant-reader.ts';
import { resolveRange } from '../time/range.ts';
import { AGENT_ROWS } from './agent-rows.ts';
import { decodeCursor, encodeCursor, questionHash } from './cursor.ts';
import { CALL_ROWS, VISIT_ROWS } from './fact-rows.ts';
import type { RowDirectory, RowIdentity, RowReader, RowReaders } from './row-query.ts';
import { WAITING_ROWS } from './waiting-rows.ts';

/** Told of every page of facts that somebody looked at, before it is handed out. */
export interface RowAudit {
  factsRead: (entry: {
    readonly identity: RowIdentity;
    readonly rows: RowKind;
    readonly fromMs: number;
    readonly toMs: number;
    readonly count: number;
  }) => Promise<void>;
}

export interface RowServiceOptions {
  readonly store: TimeSeriesStore;
  readonly readers: ScanReaderFactory;
  readonly directory: RowDirectory;
  readonly audit: RowAudit;
  /** Zone, opening hours and retention; without it those of a territory that has chosen none. */
  readonly settings?: MetricSettingsSource | undefined;
  /** Ids that filters name, as facts have them; default: as they are. */
  readonly pseudonyms?: Pseudonyms | undefined;
  readonly clock?: (() => number) | undefined;
}

/** A request for rows that cannot be answered as it stands; the caller answers `invalid_request`. */
export class RowRequestError extends Error {
  readonly code = 'invalid_request';

  constructor(message: string) {
    super(message);
    this.name = 'RowRequestError';
  }
}

const READERS: RowReaders = { waiting: WAITING_ROWS, agents: AGENT_ROWS, calls: CALL_ROWS, visits: VISIT_ROWS };
const DEFAULT_LIMIT = 100;
const DEFAULT_RANGE = { last: '1h' } as const;

/** What reading a kind of rows needs. */
export function rowPermissions(rows: RowKind): RowReader['permissions'] {
  return READERS[rows].permissions;
}

/** Answers row queries, page by page, always for the verified identity. */
export class RowService {
  readonly #options: RowServiceOptions;

  constructor(options: RowServiceOptions) {
    this.#options = options;
  }

  /** Throws `RowRequestError`, `RangeRequestError`, `QueryRefusal` and `StoreError`. */
  async query(request: RowsRequest, identity: RowIdentity, signal?: AbortSignal): Promise<RowsReply> {
    const { store, readers, directory, audit, pseudonyms = asTheyAre, clock = Date.now } = this.#options;
    const { settings = settingsNobodyChose(directory) } = this.#options;
    const { territoryId, regionId, scope } = identity;
    const reader = READERS[request.rows];
    const nowMs = clock();
    const { body } = await settings.versioned({ territoryId });
    const timeZone = request.timeZone ?? body.timeZone;
    const order = orderOf(request.order, reader);
    checkFilters(request, reader);
    const idOfFacts = pseudonyms(territoryId);
    const filters = (request.filters ?? []).map((filter) => ({ ...filter, values: filter.values.map(idOfFacts) }));
    const question = questionHash([request.rows, filters, order, request.range ?? null]);
    const cursor = cursorOf(request.cursor, question);
    const range = cursor?.range ?? resolveRange(request.range ?? DEFAULT_RANGE, nowMs, timeZone, body);
    checkRetention(range.fromMs, nowMs, body.retentionDays);
    const limit = request.limit ?? DEFAULT_LIMIT;
    const scans = readers({ territoryId, regionId, scopeKey: scopeKey(scope) }, signal);
    const statements = new TenantReader(store, { territoryId, regionId }, signal);
    const query = { identity, filters, order, after: cursor?.after, limit, range, nowMs };
    const [page, watermark] = await Promise.all([
      reader.read(query, { statements, scans, directory }),
      scans.watermark(nowMs),
    ]);
    if (reader.permissions.includes('facts:read')) {
      const span = { fromMs: range.fromMs, toMs: range.toMs };
      await audit.factsRead({ identity, rows: request.rows, ...span, count: page.rows.length });
    }
    return {
      rows: [...page.rows],
      next: page.next === undefined ? null : encodeCursor({ after: page.next, range }, question),
      meta: {
        from: range.fromMs,
        to: range.toMs,
        timeZone,
        asOf: nowMs,
        watermark: watermark ?? null,
        order: `${order.isDescending ? '-' : ''}${order.column}`,
      },
    };
  }
}

function orderOf(text: string | undefined, { defaultOrder, orders }: RowReader): RowOrder {
  if (text === undefined) return defaultOrder;
  const order = parseRowOrder(text);
  if (orders.includes(order.column)) return order;
  throw new RowRequestError(`These rows are ordered by ${orders.join(', ')}, with - for falling order.`);
}

function checkFilters({ filters = [] }: RowsRequest, reader: RowReader): void {
  const unknown = filters.find(({ dim }) => !reader.filters.includes(dim));
  if (unknown === undefined) return;
  throw new RowRequestError(`These rows cannot be filtered by "${unknown.dim}"; use ${reader.filters.join(', ')}.`);
}

function cursorOf(text: string | undefined, question: string): ReturnType<typeof decodeCursor> {
  if (text === undefined) return undefined;
  const cursor = decodeCursor(text, question);
  if (cursor === undefined) throw new RowRequestError('The cursor belongs to another question; begin without one.');
  return cursor;
}
