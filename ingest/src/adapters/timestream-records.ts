import { DATABASE } from '@lumina/contracts';
import { TimestreamQueryClient } from '@aws-sdk/client-timestream-query';
import { RejectedRecordsException, TimestreamWriteClient, WriteRecordsCommand } from '@aws-sdk/client-timestream-write';
import { NodeHttpHandler } from '@smithy/node-http-handler';

import { COMMON_ATTRIBUTES, commonDimensions, encodeOwnAttributes, type OwnAttributes } from '../core/encode-record.ts';
import type { FactStore } from '../ports/fact-store.ts';
import type {
  PlacedFact,
  RecordGroup,
  RecordResult,
  RecordStore,
  RowIdentity,
  StoreCallOptions,
} from '../ports/record-store.ts';
import { createRecordFactStore } from './fact-store.ts';
import { waitJittered } from './full-jitter.ts';
import { isNamed } from './service-error.ts';
import { readBackRows } from './timestream-read-back.ts';
import { ensureTimestreamTables } from './timestream-tables.ts';

/** The memory store scales by the load it is offered: who is throttled goes on offering, never in step with others. */
const THROTTLED_BACKOFF = { baseMs: 25, capMs: 400 };
/** A store that is gone is asked less often, and found again soon after it is back. */
const FAILED_BACKOFF = { baseMs: 50, capMs: 2000 };
/** All shards of a process share the calls in flight; one that hangs is one that failed, and is made again. */
const AGENT = { maxSockets: 16, keepAlive: true };
const HTTP = {
  httpAgent: AGENT,
  httpsAgent: AGENT,
  connectionTimeout: 2000,
  requestTimeout: 20_000,
  throwOnRequestTimeout: true,
};
const OUT_OF_RANGE = /outside the time range/i;

/** Where the store is. */
export interface FactStoreOptions {
  /** Set = that server; absent = the region's own. */
  readonly endpoint?: string | undefined;
  readonly region: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** S3 bucket for the service's reports on late rows that it dropped, named when tables are created. */
  readonly rejectedBucket?: string | undefined;
  /** A deliberate defect, see {@link FactStoreSettings}. */
  readonly isBlind?: boolean;
  /** Told of every attempt that failed for a passing reason. */
  readonly onRetry?: (error: unknown, attempt: number) => void;
}

function resultsOf(error: RejectedRecordsException, count: number): RecordResult[] {
  // Without the list nobody knows which records were taken.
  if (error.RejectedRecords === undefined) throw error;
  const results = Array.from({ length: count }, (): RecordResult => ({ kind: 'accepted' }));
  for (const { RecordIndex, Reason, ExistingVersion } of error.RejectedRecords) {
    const reason = Reason ?? '';
    results[RecordIndex ?? 0] =
      ExistingVersion === undefined && OUT_OF_RANGE.test(reason)
        ? { kind: 'out_of_range', message: reason }
        : ExistingVersion !== undefined || /version/i.test(reason)
          ? { kind: 'rejected', existingVersion: ExistingVersion }
          : { kind: 'invalid', message: reason };
  }
  return results;
}

/** Said once instead of with every record where all agree: the service counts the bytes of a call, and so do we. */
function sharedAttributes([first, ...others]: readonly OwnAttributes[]): Partial<OwnAttributes> {
  if (first === undefined) return {};
  const { MeasureName, Version } = first;
  return {
    ...(others.every((one) => one.MeasureName === MeasureName) ? { MeasureName } : {}),
    ...(others.every((one) => one.Version === Version) ? { Version } : {}),
  };
}

function writeCommand(group: RecordGroup, records: readonly PlacedFact[]): WriteRecordsCommand {
  const own = records.map(({ fact, salt }) => encodeOwnAttributes(fact, salt));
  const shared = sharedAttributes(own);
  const hasOwnName = shared.MeasureName === undefined;
  const hasOwnVersion = shared.Version === undefined;
  return new WriteRecordsCommand({
    DatabaseName: DATABASE,
    TableName: group.table,
    CommonAttributes: {
      ...COMMON_ATTRIBUTES,
      Dimensions: commonDimensions(group.territoryId, group.regionId),
      ...shared,
    },
    Records: own.map(({ Dimensions, MeasureName, MeasureValues, Time, Version }) => ({
      Dimensions,
      MeasureValues,
      Time,
      ...(hasOwnName ? { MeasureName } : {}),
      ...(hasOwnVersion ? { Version } : {}),
    })),
  });
}

/**
 * Records on Timestream. What the memory store refuses is answered at once. What is older than that goes to the magnetic
 * store, which accepts first and judges later: a lower version is dropped there without an answer, as it should be, and
 * a clash of two things is told only in the error reports of the table, if it has a bucket for them.
 */
class TimestreamRecordStore implements RecordStore {
  private readonly writer: TimestreamWriteClient;
  private readonly reader: TimestreamQueryClient;
  private readonly rejectedBucket: string | undefined;
  private readonly onRetry: (error: unknown, attempt: number) => void;

  constructor({ endpoint, region, credentials, rejectedBucket, onRetry }: FactStoreOptions) {
    const config = {
      region,
      // Attempts are counted here, with full jitter; the client's own would hide throttling from it.
      maxAttempts: 1,
      requestHandler: new NodeHttpHandler(HTTP),
      ...(endpoint === undefined ? {} : { endpoint }),
      ...(credentials === undefined ? {} : { credentials }),
    };
    this.writer = new TimestreamWriteClient(config);
    this.reader = new TimestreamQueryClient({ ...config, maxAttempts: 3 });
    this.rejectedBucket = rejectedBucket;
    this.onRetry = onRetry ?? ((): void => undefined);
  }

  ensureTables(options?: StoreCallOptions): Promise<void> {
    const { rejectedBucket, onRetry } = this;
    return ensureTimestreamTables(this.writer, { ...options, rejectedBucket, onRetry });
  }

  close(): void {
    this.writer.destroy();
    this.reader.destroy();
  }

  async readBack(placed: readonly PlacedFact[], options: StoreCallOptions = {}): Promise<(RowIdentity | undefined)[]> {
    return this.persist(() => readBackRows(this.reader, placed, options), options);
  }

  async writeRecords(
    group: RecordGroup,
    records: readonly PlacedFact[],
    options: StoreCallOptions = {},
  ): Promise<RecordResult[]> {
    try {
      // Built once, outside the repetition: a fact that cannot be encoded is a defect, not a failure that passes.
      const command = writeCommand(group, records);
      await this.persist(
        () => this.writer.send(command, options.signal === undefined ? {} : { abortSignal: options.signal }),
        options,
      );
      return records.map(() => ({ kind: 'accepted' }));
    } catch (error) {
      if (error instanceof RejectedRecordsException) return resultsOf(error, records.length);
      if (!isNamed(error, 'ValidationException')) throw error;
      if (records.length <= 1) return [{ kind: 'invalid', message: (error as Error).message }];
      // One bad record fails the whole call: halve until it stands alone.
      const middle = Math.ceil(records.length / 2);
      const first = await this.writeRecords(group, records.slice(0, middle), options);
      return [...first, ...(await this.writeRecords(group, records.slice(middle), options))];
    }
  }

  /** Repeats a call until it is answered for good; the stream keeps what waits behind it. */
  private async persist<T>(call: () => Promise<T>, options: StoreCallOptions): Promise<T> {
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await call();
      } catch (error) {
        if (isNamed(error, 'RejectedRecordsException', 'ValidationException')) throw error;
        options.signal?.throwIfAborted();
        this.onRetry(error, attempt);
        if (isNamed(error, 'ResourceNotFoundException')) await this.ensureTables(options);
        const isThrottled = isNamed(error, 'ThrottlingException');
        await waitJittered(attempt, isThrottled ? THROTTLED_BACKOFF : FAILED_BACKOFF, options.signal);
      }
    }
  }
}

/** The fact store on Amazon Timestream, or on any server that speaks its protocol. */
export function createFactStore(options: FactStoreOptions): FactStore {
  return createRecordFactStore(new TimestreamRecordStore(options), { isBlind: options.isBlind === true });
}
