import type { LiveTailRecord } from '@lumina/contracts';
import type { Logger } from 'pino';

import { messageOf } from '../adapters/service-error.ts';
import type { StreamedRecord } from '../ports/event-stream.ts';
import type { LiveTail } from '../ports/live-tail.ts';
import type { AccountKeeper } from './account-keeper.ts';
import { processRecords, type Processed, type ProcessorPorts } from './delivery-processor.ts';
import { tailPortionsOf } from './tail-portions.ts';

/** As many as the worker reads at once, so that the same records make the same calls of the store. */
const RECORDS_PER_SLICE = 1000;
/** What may still arrive behind the newest record without being called late. */
const GRACE_MS = 2000;
/** Work stops when this much of an invocation's time is gone… */
const BUDGET_SHARE = 0.8;
/** …or less than this is left: the accounts and the answer need some of it. */
const LEAST_LEFT_MS = 1000;
/** What the answer itself needs after the accounts. */
const ANSWER_MS = 200;

/** One record as Lambda's event source mapping for Kinesis delivers it. */
export interface KinesisEventRecord {
  /** `<shard id>:<sequence number>`. */
  readonly eventID: string;
  readonly kinesis: {
    readonly partitionKey: string;
    readonly sequenceNumber: string;
    /** Base64. */
    readonly data: string;
    /** Epoch seconds, with a fraction. */
    readonly approximateArrivalTimestamp: number;
  };
}

/** A batch of one shard. */
export interface KinesisEvent {
  readonly Records: readonly KinesisEventRecord[];
}

/** What the handler needs of Lambda's context. */
export interface InvocationContext {
  getRemainingTimeInMillis(): number;
}

/** The answer that `ReportBatchItemFailures` asks for: empty = all done, else everything from that record on is retried. */
export interface BatchAnswer {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

/** What the function needs of the outside. */
export interface LambdaPorts extends ProcessorPorts {
  readonly tail: LiveTail;
  readonly accounts: AccountKeeper;
  readonly logger: Logger;
  /** Names this execution environment; new at each cold start. */
  readonly instanceId: string;
  /** Records processed at once; the fewer, the less is repeated after a deadline. */
  readonly recordsPerSlice?: number;
}

interface Slice {
  readonly shardId: string;
  readonly records: readonly StreamedRecord[];
}

/** Where a source of the live tail stands. */
interface SourceState {
  sequence: number;
  watermarkMs: number;
}

function streamedRecord({ kinesis }: KinesisEventRecord): StreamedRecord {
  return {
    sequence: kinesis.sequenceNumber,
    data: Buffer.from(kinesis.data, 'base64'),
    arrivedMs: Math.round(kinesis.approximateArrivalTimestamp * 1000),
  };
}

function slicesOf({ Records }: KinesisEvent, recordsPerSlice: number): Slice[] {
  const slices: { readonly shardId: string; readonly records: StreamedRecord[] }[] = [];
  for (const record of Records) {
    const shardId = record.eventID.slice(0, record.eventID.indexOf(':'));
    const last = slices.at(-1);
    if (last?.shardId === shardId && last.records.length < recordsPerSlice) last.records.push(streamedRecord(record));
    else slices.push({ shardId, records: [streamedRecord(record)] });
  }
  return slices;
}

/**
 * Publishes what was stored. Each execution environment is a source of its own, `<stream>/<shard>/lambda-<instance>`,
 * whose numbers rise by one from 1: batches of a shard meet ever other environments, which share no counter, and a
 * source that goes back would make its watchers start over. Nothing is published between invocations.
 */
class LambdaTail {
  private readonly ports: LambdaPorts;
  private readonly sources = new Map<string, SourceState>();

  constructor(ports: LambdaPorts) {
    this.ports = ports;
  }

  stateOf(shardId: string): SourceState {
    let state = this.sources.get(shardId);
    if (state === undefined) {
      state = { sequence: 0, watermarkMs: 0 };
      this.sources.set(shardId, state);
    }
    return state;
  }

  async publish({ shardId, records }: Slice, { facts, changes }: Processed, signal: AbortSignal): Promise<void> {
    const state = this.stateOf(shardId);
    state.watermarkMs = Math.max(state.watermarkMs, (records.at(-1)?.arrivedMs ?? 0) - GRACE_MS);
    for (const portion of tailPortionsOf([...facts, ...this.ports.accounts.takeCompanions()], changes)) {
      // A number is used up even if its record fails: a gap makes watchers look, the same number twice would not.
      state.sequence += 1;
      const record: LiveTailRecord = {
        v: 1,
        source: `${this.ports.stream}/${shardId}/lambda-${this.ports.instanceId}`,
        seq: state.sequence,
        watermark: state.watermarkMs,
        facts: portion.facts,
        ...(portion.changes.length === 0 ? {} : { changes: portion.changes }),
      };
      // One at a time: a call with several may take a later one and refuse an earlier one.
      await this.ports.tail.publish([record], signal);
    }
  }
}

/** Aborts when an invocation has used up what it may spend on records. */
class Deadline {
  readonly signal: AbortSignal;
  private readonly context: InvocationContext;
  private readonly timer: NodeJS.Timeout;

  constructor(context: InvocationContext) {
    const budgetMs = context.getRemainingTimeInMillis();
    const abort = new AbortController();
    this.context = context;
    this.signal = abort.signal;
    const spendMs = Math.max(0, Math.min(budgetMs * BUDGET_SHARE, budgetMs - LEAST_LEFT_MS));
    this.timer = setTimeout(() => {
      abort.abort(new Error('The time of this invocation is used up.'));
    }, spendMs);
  }

  close(): void {
    clearTimeout(this.timer);
  }

  /** For what comes after the records. */
  get remainder(): AbortSignal {
    return AbortSignal.timeout(Math.max(0, this.context.getRemainingTimeInMillis() - ANSWER_MS));
  }
}

/**
 * The function: the worker's processing on batches that Lambda reads. Slices go in order, each to the store and the
 * live tail, so that what is done stays done when time runs out; the answer names the first record that is not.
 */
export function createLambdaHandler(
  ports: LambdaPorts,
): (event: KinesisEvent, context: InvocationContext) => Promise<BatchAnswer> {
  const tail = new LambdaTail(ports);
  const processSlice = async (slice: Slice, signal: AbortSignal): Promise<void> => {
    for (let left = slice.records; left.length > 0;) {
      signal.throwIfAborted();
      const { watermarkMs } = tail.stateOf(slice.shardId);
      const processed = await processRecords(ports, slice.shardId, left, watermarkMs, signal);
      await tail.publish({ ...slice, records: left.slice(0, processed.count) }, processed, signal);
      left = left.slice(processed.count);
    }
  };
  return async (event, context) => {
    const deadline = new Deadline(context);
    let failed: string | undefined;
    for (const slice of slicesOf(event, ports.recordsPerSlice ?? RECORDS_PER_SLICE)) {
      try {
        await processSlice(slice, deadline.signal);
      } catch (error) {
        failed = slice.records[0]?.sequence;
        const detail = messageOf(error);
        ports.logger.warn({ shardId: slice.shardId, sequence: failed, detail }, 'the batch goes on in another try');
        break;
      }
    }
    deadline.close();
    await ports.accounts.flush(deadline.remainder);
    return { batchItemFailures: failed === undefined ? [] : [{ itemIdentifier: failed }] };
  };
}
