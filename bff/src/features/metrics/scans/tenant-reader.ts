import { DATABASE, FACTS, TABLES } from '@lumina/contracts';
import type { FactDefinition } from '@lumina/contracts';
import { StoreError } from '../../../timestream/port.ts';
import type { Row, TimeSeriesStore } from '../../../timestream/port.ts';
import { render } from '../../../timestream/sql/render.ts';
import { confine } from '../../../timestream/sql/tenant.ts';
import type { Identifiers } from '../../../timestream/sql/render.ts';
import type { Tenant } from '../../../timestream/sql/tenant.ts';
import type { Select } from '../../../timestream/sql/ast.ts';

const definitions: readonly FactDefinition[] = Object.values(FACTS);

const identifiers: Identifiers = {
  database: DATABASE,
  tables: new Set(TABLES),
  columns: new Set([
    'time',
    'measure_name',
    'territory_id',
    'region_id',
    ...definitions.flatMap((fact) => [...fact.dimensions, ...Object.keys(fact.measures)]),
  ]),
};

const columnTypes = new Map<string, string>(
  definitions.flatMap((fact) => [
    ...fact.dimensions.map((name): [string, string] => [name, 'VARCHAR']),
    ...Object.entries(fact.measures),
  ]),
);

// One request must not take all of the store's connections; the others wait their turn.
const MAX_PARALLEL_QUERIES = 8;
// Every row has these: where they are missing the table has never had a row.
const TENANT_COLUMNS: ReadonlySet<string> = new Set(['territory_id', 'region_id']);
// More missing columns than the widest fact has would mean that the store answers nonsense.
const MAX_ABSENT_COLUMNS = 80;

/** Reads for one tenant: puts the tenant predicate in, renders, and copes with a store that has no such rows yet. */
export class TenantReader {
  readonly #store: TimeSeriesStore;
  readonly #tenant: Tenant;
  readonly #signal: AbortSignal | undefined;
  readonly #waiting: (() => void)[] = [];
  /** Columns found missing by this request, by table: no need to ask for them again. */
  readonly #absent = new Map<string, Map<string, string>>();
  #running = 0;
  #queries = 0;

  constructor(store: TimeSeriesStore, tenant: Tenant, signal?: AbortSignal) {
    this.#store = store;
    this.#tenant = tenant;
    this.#signal = signal;
  }

  /** How many queries went to the store so far. */
  get queries(): number {
    return this.#queries;
  }

  /**
   * A table or a column exists in Timestream only once a row has brought it. Before that there is nothing to count: a
   * missing table reads as no rows, a missing column as null.
   */
  async read(select: Select): Promise<readonly Row[]> {
    const confined = confine(select, this.#tenant);
    const table = tableOf(select);
    const absent = this.#absent.get(table) ?? new Map<string, string>();
    this.#absent.set(table, absent);
    // Another query may find the same column missing meanwhile; the same one twice in one query is an error.
    const found = new Set<string>();
    for (;;) {
      try {
        return await this.#query(render(confined, identifiers, absent));
      } catch (error) {
        if (!(error instanceof StoreError)) throw error;
        if (error.code === 'store_table_missing' || TENANT_COLUMNS.has(error.column ?? '')) return [];
        const type = columnTypes.get(error.column ?? '');
        const isNew = error.column !== undefined && type !== undefined && !found.has(error.column);
        if (error.code !== 'store_column_missing' || !isNew || found.size >= MAX_ABSENT_COLUMNS) throw error;
        found.add(error.column);
        absent.set(error.column, type);
      }
    }
  }

  async #query(sql: string): Promise<readonly Row[]> {
    if (this.#running >= MAX_PARALLEL_QUERIES) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#running += 1;
    try {
      this.#signal?.throwIfAborted();
      this.#queries += 1;
      return await this.#store.query(sql, { signal: this.#signal, territoryId: this.#tenant.territoryId });
    } finally {
      // The place goes straight to the next in line.
      const next = this.#waiting.shift();
      if (next === undefined) this.#running -= 1;
      else next();
    }
  }
}

/** The table that a query reads; each reads one, however often. */
function tableOf({ from, with: common = [] }: Select): string {
  if (from.kind === 'table') return from.table;
  const named = common.find(({ name }) => name === from.name);
  return named === undefined ? from.name : tableOf(named.select);
}
