import type { RejectedRecord } from '../errors.ts';
import type { Clock } from '../clock.ts';
import type { Quotas } from '../quotas.ts';
import type { Column, ColumnKind, StoredType, TableEntry } from '../store/catalog.ts';
import type { KeyIndex } from '../store/key-index.ts';
import type { Fingerprint, KeyTable } from '../store/key-table.ts';
import { digestOf, fingerprintOf, storedSeries } from './digest.ts';
import type { SeriesHasher } from './digest.ts';
import { isLargerThan, recordBytes } from './record-size.ts';
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

type Refusal = Omit<RejectedRecord, 'RecordIndex'>;
/** Which times a table takes now. */
type IngestionWindow = { memoryFromNs: bigint; fromNs: bigint; toNs: bigint; fromMs: number; toMs: number };

/** What a batch knows beside its table; `names` are the measure names of the table. */
export type BatchParts = { index: KeyIndex; hasher: SeriesHasher; clock: Clock; quotas: Quotas; names: Set<string> };

/** All accepted records of one group commit on one table, before they reach DuckDB. */
export class TableBatch {
  readonly table: TableEntry;
  private readonly pending: PendingRow[] = [];
  /** The pending rows by identity; made only once a record meets one that is known. */
  private pendingByIdentity: Map<string, number> | undefined;
  readonly newColumns = new Map<string, NewColumn>();
  private readonly known: ReadonlyMap<string, Column>;
  /** Columns that the record in hand would bring. */
  private missing: NewColumn[] = [];
  private readonly index: KeyIndex;
  private readonly hasher: SeriesHasher;
  private readonly clock: Clock;
  private readonly quotas: Quotas;
  private readonly names: Set<string>;
  /** Columns that measures have brought, with those of this batch. */
  private measureColumns: number;

  constructor(table: TableEntry, { index, hasher, clock, quotas, names }: BatchParts) {
    this.table = table;
    this.known = new Map(table.columns.map((column) => [column.name, column]));
    this.index = index;
    this.hasher = hasher;
    this.clock = clock;
    this.quotas = quotas;
    this.names = names;
    this.measureColumns = table.columns.filter(({ kind }) => kind === 'multi').length;
  }

  /** What is to be stored, each identity once. */
  get rows(): readonly PendingRow[] {
    return this.pending;
  }

  /** Decides on the records of one call, in order; the good ones are kept even when others are rejected. */
  async add(records: readonly WriteRecord[]): Promise<WriteOutcome> {
    const outcome: WriteOutcome = { rejected: [], counts: { memory: 0, magnetic: 0 } };
    const window = this.window();
    for (const record of records) {
      let refusal = this.refusalOf(record, window);
      if (refusal === undefined) {
        const keys =
          this.index.resident(this.table, record.timeNs) ?? (await this.index.load(this.table, record.timeNs));
        refusal = this.take(record, keys);
      }
      if (refusal !== undefined) outcome.rejected.push({ RecordIndex: record.index, ...refusal });
      else if (record.timeNs < window.memoryFromNs && this.table.magneticWrites) outcome.counts.magnetic += 1;
      else outcome.counts.memory += 1;
    }
    return outcome;
  }

  private window(): IngestionWindow {
    const nowMs = this.clock.nowMs();
    const memoryFromMs = nowMs - this.table.memoryHours * MS_PER_HOUR;
    const magneticMs = this.table.magneticWrites ? this.table.magneticDays * MS_PER_DAY : 0;
    const fromMs = memoryFromMs - magneticMs - WINDOW_SLACK_MS;
    const toMs = nowMs + WINDOW_SLACK_MS;
    return {
      memoryFromNs: BigInt(memoryFromMs) * NS_PER_MS,
      fromMs,
      toMs,
      fromNs: BigInt(fromMs) * NS_PER_MS,
      toNs: BigInt(toMs) * NS_PER_MS,
    };
  }

  private refusalOf(record: WriteRecord, window: IngestionWindow): Refusal | undefined {
    return (
      this.windowRefusal(record, window) ??
      this.partitionRefusal(record) ??
      this.columnRefusal(record) ??
      this.quotaRefusal(record)
    );
  }

  private windowRefusal(record: WriteRecord, { fromNs, toNs, fromMs, toMs }: IngestionWindow): Refusal | undefined {
    if (record.timeNs >= fromNs && record.timeNs < toNs) return undefined;
    const place = this.table.magneticWrites ? 'data ingestion window' : 'memory store';
    return {
      Reason: `The record timestamp is outside the time range [${isoText(fromMs)}, ${isoText(toMs)}) of the ${place}.`,
    };
  }

  private partitionRefusal(record: WriteRecord): Refusal | undefined {
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

  private columnRefusal(record: WriteRecord): Refusal | undefined {
    this.missing = [];
    for (const [name] of record.dimensions) {
      // One record cannot use a name twice; two records may use it for a dimension and for a text measure: one column.
      if (record.measures.some(({ column }) => column === name)) {
        return { Reason: `The name ${name} is used for both a dimension and a measure.` };
      }
      const reason = this.typeRefusal(name, 'dimension', 'VARCHAR');
      if (reason !== undefined) return { Reason: reason };
    }
    for (const { column, kind, type } of record.measures) {
      const reason = this.typeRefusal(column, kind, type);
      if (reason !== undefined) return { Reason: reason };
    }
    return undefined;
  }

  /** Must come after the columns were looked at. */
  private quotaRefusal(record: WriteRecord): Refusal | undefined {
    const { measureNames, measureColumns, recordBytes: maxBytes } = this.quotas;
    if (isLargerThan(record, maxBytes))
      return { Reason: `The record has ${recordBytes(record)} bytes; a record can have at most ${maxBytes}.` };
    if (this.names.size >= measureNames && !this.names.has(record.measureName))
      return { Reason: `The table has ${measureNames} measure names, which is the most that a table can have.` };
    if (this.missing.length > 0 && this.measureColumns + this.missingMeasures() > measureColumns)
      return {
        Reason: `The table can have at most ${measureColumns} columns of measures; the record brings too many.`,
      };
    return undefined;
  }

  private missingMeasures(): number {
    return this.missing.filter(({ kind }) => kind === 'multi').length;
  }

  private typeRefusal(name: string, kind: ColumnKind, type: StoredType): string | undefined {
    const known = this.known.get(name) ?? this.newColumns.get(name);
    if (known === undefined) this.missing.push({ name, kind, type });
    else if (known.type !== type) {
      return `The measure ${name} has the data type ${known.type}; the record gives ${type}.`;
    }
    return undefined;
  }

  private take(record: WriteRecord, keys: KeyTable): Refusal | undefined {
    const series = this.hasher.seriesOf(record);
    const identity = fingerprintOf(series, record.timeNs);
    const digest = digestOf(record);
    const stored = keys.get(identity);
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
    if (this.missing.length > 0) {
      for (const column of this.missing) this.newColumns.set(column.name, column);
      this.measureColumns += this.missingMeasures();
    }
    this.names.add(record.measureName);
    keys.set(identity, { version: record.version, digest });
    this.keep({ record, series: series.stored, digest, replaces: stored !== undefined }, identity);
    return undefined;
  }

  /** Keeps a row; one of the same identity in this batch gives way to it, and what that one replaced is still replaced. */
  private keep(row: PendingRow, identity: Fingerprint): void {
    if (row.replaces) {
      this.pendingByIdentity ??= new Map(
        this.pending.map(({ record, series }, place) => [
          nameOf(fingerprintOf(storedSeries(series), record.timeNs)),
          place,
        ]),
      );
    }
    const place = this.pendingByIdentity?.get(nameOf(identity));
    const earlier = place === undefined ? undefined : this.pending[place];
    if (place !== undefined && earlier !== undefined) {
      this.pending[place] = { ...row, replaces: earlier.replaces };
      return;
    }
    this.pendingByIdentity?.set(nameOf(identity), this.pending.length);
    this.pending.push(row);
  }
}

const nameOf = ({ high, low }: Fingerprint): string => `${high},${low}`;

const isoText = (epochMs: number): string => new Date(epochMs).toISOString();
