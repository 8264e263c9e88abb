import type { RejectedRecord } from '../errors.ts';
import type { Clock } from '../clock.ts';
import type { Column, ColumnKind, StoredType, TableEntry } from '../store/catalog.ts';
import type { KeyIndex } from '../store/key-index.ts';
import { identityOf } from '../store/key-index.ts';
import { digestOf } from './digest.ts';
import type { SeriesHasher } from './digest.ts';
import type { WriteRecord } from './record.ts';

/** A record that is to be stored. `replaces` is set when an older version of it is in the store. */
export type PendingRow = { record: WriteRecord; series: bigint; digest: bigint; replaces: boolean };
/** Number of accepted records, by store. */
export type WriteCounts = { memory: number; magnetic: number };
type NewColumn = Omit<Column, 'physical'>;
/** Outcome of one call. */
export type WriteOutcome = { rejected: RejectedRecord[]; counts: WriteCounts };

const SAME_VERSION =
  'A record already exists with the same time, dimensions, measure name, and record version. A higher record version must be specified in order to update the measure value. Specifying record version is supported by the latest SDKs.';
const MS_PER_HOUR = 3_600_000;
const MS_PER_DAY = 24 * MS_PER_HOUR;
const WINDOW_SLACK_MS = 20 * 60_000;
const NS_PER_MS = 1_000_000n;

/** All accepted records of one group commit on one table, before they reach DuckDB. */
export class TableBatch {
  readonly table: TableEntry;
  readonly rows = new Map<string, PendingRow>();
  readonly newColumns = new Map<string, NewColumn>();
  private readonly known: ReadonlyMap<string, Column>;
  /** Columns that the record in hand would bring. */
  private missing: ReadonlyMap<string, NewColumn> = new Map();
  private readonly index: KeyIndex;
  private readonly hasher: SeriesHasher;
  private readonly clock: Clock;

  constructor(table: TableEntry, index: KeyIndex, hasher: SeriesHasher, clock: Clock) {
    this.table = table;
    this.known = new Map(table.columns.map((column) => [column.name, column]));
    this.index = index;
    this.hasher = hasher;
    this.clock = clock;
  }

  /** Decides on the records of one call, in order; the good ones are kept even when others are rejected. */
  async add(records: readonly WriteRecord[]): Promise<WriteOutcome> {
    const outcome: WriteOutcome = { rejected: [], counts: { memory: 0, magnetic: 0 } };
    const nowMs = this.clock.nowMs();
    const memoryEdgeNs = BigInt(nowMs - this.table.memoryHours * MS_PER_HOUR) * NS_PER_MS;
    for (const record of records) {
      const refusal = this.refusalOf(record, nowMs) ?? (await this.take(record));
      if (refusal !== undefined) outcome.rejected.push({ RecordIndex: record.index, ...refusal });
      else if (record.timeNs < memoryEdgeNs && this.table.magneticWrites) outcome.counts.magnetic += 1;
      else outcome.counts.memory += 1;
    }
    return outcome;
  }

  private refusalOf(record: WriteRecord, nowMs: number): Omit<RejectedRecord, 'RecordIndex'> | undefined {
    return this.windowRefusal(record, nowMs) ?? this.partitionRefusal(record) ?? this.columnRefusal(record);
  }

  private windowRefusal(record: WriteRecord, nowMs: number): Omit<RejectedRecord, 'RecordIndex'> | undefined {
    const magneticMs = this.table.magneticWrites ? this.table.magneticDays * MS_PER_DAY : 0;
    const fromMs = nowMs - this.table.memoryHours * MS_PER_HOUR - magneticMs - WINDOW_SLACK_MS;
    const toMs = nowMs + WINDOW_SLACK_MS;
    if (record.timeNs >= BigInt(fromMs) * NS_PER_MS && record.timeNs < BigInt(toMs) * NS_PER_MS) return undefined;
    const place = this.table.magneticWrites ? 'data ingestion window' : 'memory store';
    return {
      Reason: `The record timestamp is outside the time range [${isoText(fromMs)}, ${isoText(toMs)}) of the ${place}.`,
    };
  }

  private partitionRefusal(record: WriteRecord): Omit<RejectedRecord, 'RecordIndex'> | undefined {
    for (const key of this.table.partitionKeys) {
      if (key.Type !== 'DIMENSION' || key.EnforcementInRecord !== 'REQUIRED') continue;
      if (!record.dimensions.some(([name]) => name === key.Name)) {
        return {
          Reason: `The record is missing the dimension ${key.Name ?? ''}, which is required by the partition key of the table.`,
        };
      }
    }
    return undefined;
  }

  private columnRefusal(record: WriteRecord): Omit<RejectedRecord, 'RecordIndex'> | undefined {
    const missing = new Map<string, NewColumn>();
    // One record cannot use a name twice; two records may use it for a dimension and for a text measure: one column.
    const dimensions = new Set(record.dimensions.map(([name]) => name));
    const twice = record.measures.find((measure) => dimensions.has(measure.column));
    if (twice !== undefined) return { Reason: `The name ${twice.column} is used for both a dimension and a measure.` };
    const refusalOf = (name: string, kind: ColumnKind, type: StoredType): string | undefined => {
      const known = this.known.get(name) ?? this.newColumns.get(name) ?? missing.get(name);
      if (known === undefined) missing.set(name, { name, kind, type });
      else if (known.type !== type) {
        return `The measure ${name} has the data type ${known.type}; the record gives ${type}.`;
      }
      return undefined;
    };
    for (const [name] of record.dimensions) {
      const reason = refusalOf(name, 'dimension', 'VARCHAR');
      if (reason !== undefined) return { Reason: reason };
    }
    for (const { column, kind, type } of record.measures) {
      const reason = refusalOf(column, kind, type);
      if (reason !== undefined) return { Reason: reason };
    }
    this.missing = missing;
    return undefined;
  }

  private async take(record: WriteRecord): Promise<Omit<RejectedRecord, 'RecordIndex'> | undefined> {
    await this.index.load(this.table, record.timeNs);
    const series = this.hasher.seriesOf(record);
    const digest = digestOf(record);
    const stored = this.index.get(this.table, series, record.timeNs);
    if (stored !== undefined) {
      if (record.version < stored.version) {
        return {
          Reason: `The record version ${record.version} is lower than the existing version ${stored.version}. A higher version is required to update the measure value.`,
          ExistingVersion: stored.version,
        };
      }
      if (record.version === stored.version) {
        return digest === stored.digest ? undefined : { Reason: SAME_VERSION, ExistingVersion: stored.version };
      }
    }
    for (const [name, column] of this.missing) this.newColumns.set(name, column);
    const identity = identityOf(series, record.timeNs);
    const pending = this.rows.get(identity);
    const replaces = pending === undefined ? stored !== undefined : pending.replaces;
    this.index.set(this.table, series, record.timeNs, { version: record.version, digest });
    this.rows.set(identity, { record, series, digest, replaces });
    return undefined;
  }
}

const isoText = (epochMs: number): string => new Date(epochMs).toISOString();
