import type {
  DataRow,
  LiveRowChanges,
  LiveRowKind,
  LiveRows,
  MetricReply,
  Permission,
  RowsRequest,
} from '@lumina/contracts';
import { rowPermissions } from '../features/metrics/index.ts';
import type { QueryIdentity, RowService } from '../features/metrics/index.ts';
import type { Clock } from './clock.ts';

/** Rows that a subscription watches: the question as it is asked of the row service. */
export type WatchedRows = Pick<RowsRequest, 'filters' | 'order' | 'limit'> & { readonly rows: LiveRowKind };

/** An answer of a topic: a reply, and the rows that are watched beside it. */
export interface TopicReply extends Omit<MetricReply, 'meta'> {
  readonly rows?: readonly DataRow[];
  readonly meta: MetricReply['meta'] & { readonly rows?: RowsMeta };
}

/** What a frame says of its rows. */
export interface RowsMeta {
  readonly asOf: number;
  readonly order: string;
  readonly hasMore: boolean;
}

interface RowsPart {
  readonly rows: readonly DataRow[];
  readonly meta: RowsMeta;
}

/** Rows are asked of the store, so not with every evaluation; news of them are this late at most, and a little. */
const REREAD_MS = 2_000;
/** A slow reading may take a third of the time, no more. */
const REST_FACTOR = 3;
/** Who has waited longest has joined first; the wait itself changes by the second and is no column here. */
const SAME_ORDERS: Readonly<Record<string, string>> = { wait_ms: '-join_ms', '-wait_ms': 'join_ms' };
const NO_CHANGES: LiveRowChanges = { add: [], change: [], remove: [] };

/** Reads what a live body says of rows. */
export function watchedRowsOf(rows: LiveRows): WatchedRows {
  if (typeof rows === 'string') return { rows };
  const order = rows.order === undefined ? undefined : (SAME_ORDERS[rows.order] ?? rows.order);
  return { ...rows, ...(order === undefined ? {} : { order }) };
}

/** What watching rows needs besides the right to see metrics. */
export function permissionsOfRows(rows: WatchedRows | undefined): readonly Permission[] {
  return rows === undefined ? [] : rowPermissions(rows.rows);
}

/** The rows of one topic, read again once they may have changed. */
export class RowWatch {
  readonly #service: Pick<RowService, 'query'>;
  readonly #clock: Clock;
  readonly #asked: WatchedRows;
  readonly #identity: QueryIdentity;
  #last: RowsPart | undefined;
  #readAgainAtMs = Number.NEGATIVE_INFINITY;

  constructor(service: Pick<RowService, 'query'>, clock: Clock, asked: WatchedRows, identity: QueryIdentity) {
    this.#service = service;
    this.#clock = clock;
    this.#asked = asked;
    this.#identity = identity;
  }

  /** The rows as they were at `meta.asOf`, at most some seconds ago. Throws what the row service throws. */
  async read(signal: AbortSignal): Promise<RowsPart> {
    const startedAtMs = this.#clock.now();
    // A clock that is set back must not make anyone wait.
    const isDue = startedAtMs >= this.#readAgainAtMs || startedAtMs < this.#readAgainAtMs - 2 * REREAD_MS * REST_FACTOR;
    if (this.#last !== undefined && !isDue) return this.#last;
    // Only rows of now are watched, and reading those is not recorded: whose topic it is does not matter.
    const reply = await this.#service.query(this.#asked, { ...this.#identity, sub: '' }, signal);
    const { asOf, order } = reply.meta;
    const tookMs = Math.max(0, this.#clock.now() - startedAtMs);
    this.#readAgainAtMs = startedAtMs + Math.max(REREAD_MS, REST_FACTOR * tookMs);
    this.#last = {
      rows: reply.rows.map(withoutWait),
      meta: { asOf, order, hasMore: reply.next !== null },
    };
    return this.#last;
  }
}

function withoutWait(row: DataRow): DataRow {
  const { wait_ms: _changesByItself, ...rest } = row;
  return rest;
}

/** How one list of rows becomes another; both in the same order. Undefined where the order itself is another. */
export function rowChanges(previous: TopicReply, next: TopicReply): LiveRowChanges | undefined {
  if (previous.meta.rows?.order !== next.meta.rows?.order) return undefined;
  if (previous.rows === next.rows) return NO_CHANGES;
  const known = new Map((previous.rows ?? []).map((row) => [row.key, JSON.stringify(row)]));
  const add: DataRow[] = [];
  const change: DataRow[] = [];
  for (const row of next.rows ?? []) {
    const before = known.get(row.key);
    known.delete(row.key);
    if (before === undefined) add.push(row);
    else if (before !== JSON.stringify(row)) change.push(row);
  }
  return { add, change, remove: [...known.keys()] };
}

/** Whether nothing changed. */
export function isWithoutChanges({ add, change, remove }: LiveRowChanges): boolean {
  return add.length === 0 && change.length === 0 && remove.length === 0;
}
