import {
  CreateStreamCommand,
  DescribeStreamSummaryCommand,
  KinesisClient,
  ListShardsCommand,
  PutRecordsCommand,
} from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';

import type { EventStream, ShardInfo, ShardReader, StreamEntry } from '../ports/event-stream.ts';
import { waitJittered } from './full-jitter.ts';
import { KinesisShardReader } from './kinesis-shard-reader.ts';
import { isNamed } from './service-error.ts';

const RECORDS_PER_PUT = 500;
/** Kinesis takes 5 MiB a call, partition keys counted. */
const BYTES_PER_PUT = 4_500_000;
const PUT_BACKOFF = { baseMs: 50, capMs: 1000 };
const CONTROL_BACKOFF = { baseMs: 50, capMs: 500 };

/** Where a stream is. */
export interface KinesisStreamOptions {
  readonly endpoint?: string | undefined;
  readonly region: string;
  readonly stream: string;
  /** How long a put may take before it rejects; absent = until aborted. */
  readonly putTimeoutMs?: number;
  readonly onRetry?: (error: unknown, attempt: number) => void;
}

/** A call that hangs is a call that failed. */
const TIMEOUTS = { connectionTimeout: 2000, requestTimeout: 10_000, throwOnRequestTimeout: true };

function createClient({ endpoint, region }: KinesisStreamOptions): KinesisClient {
  return new KinesisClient({
    region,
    // Attempts are counted here, with full jitter; the client's own would hide throttling.
    maxAttempts: 1,
    // The default handler speaks HTTP/2, which no local server understands.
    requestHandler: new NodeHttpHandler(TIMEOUTS),
    ...(endpoint === undefined ? {} : { endpoint }),
  });
}

function chunksOf(entries: readonly StreamEntry[]): StreamEntry[][] {
  const chunks: StreamEntry[][] = [];
  let bytes = 0;
  for (const entry of entries) {
    const size = entry.data.length + entry.partitionKey.length;
    const last = chunks.at(-1);
    if (last === undefined || last.length === RECORDS_PER_PUT || bytes + size > BYTES_PER_PUT) {
      chunks.push([entry]);
      bytes = size;
    } else {
      last.push(entry);
      bytes += size;
    }
  }
  return chunks;
}

class KinesisStream implements EventStream {
  private readonly client: KinesisClient;
  private readonly stream: string;
  private readonly putTimeoutMs: number | undefined;
  private readonly onRetry: (error: unknown, attempt: number) => void;

  constructor(options: KinesisStreamOptions) {
    this.client = createClient(options);
    this.stream = options.stream;
    this.putTimeoutMs = options.putTimeoutMs;
    this.onRetry = options.onRetry ?? ((): void => undefined);
  }

  close(): void {
    this.client.destroy();
  }

  async ensure(signal?: AbortSignal): Promise<void> {
    for (let attempt = 0; ; attempt += 1) {
      try {
        const { StreamDescriptionSummary: summary } = await this.client.send(
          new DescribeStreamSummaryCommand({ StreamName: this.stream }),
        );
        if (summary?.StreamStatus === 'ACTIVE') return;
      } catch (error) {
        if (isNamed(error, 'ResourceNotFoundException')) await this.create();
        else this.onRetry(error, attempt);
      }
      signal?.throwIfAborted();
      await waitJittered(attempt, CONTROL_BACKOFF, signal);
    }
  }

  async listShards(): Promise<ShardInfo[]> {
    const shards: ShardInfo[] = [];
    let token: string | undefined;
    do {
      const command = new ListShardsCommand(token === undefined ? { StreamName: this.stream } : { NextToken: token });
      const page = await this.client.send(command);
      for (const { ShardId, ParentShardId, AdjacentParentShardId } of page.Shards ?? []) {
        if (ShardId === undefined) continue;
        const parents = [ParentShardId, AdjacentParentShardId].filter((parent) => parent !== undefined);
        shards.push({ shardId: ShardId, parents });
      }
      token = page.NextToken;
    } while (token !== undefined);
    return shards;
  }

  read(shardId: string, afterSequence: string | undefined, afterMs?: number): ShardReader {
    return new KinesisShardReader(this.client, this.stream, shardId, { sequence: afterSequence, arrivedMs: afterMs });
  }

  async put(entries: readonly StreamEntry[], signal?: AbortSignal): Promise<void> {
    const limits = [signal, this.putTimeoutMs === undefined ? undefined : AbortSignal.timeout(this.putTimeoutMs)];
    const limit = AbortSignal.any(limits.filter((one) => one !== undefined));
    for (const chunk of chunksOf(entries)) {
      let left = chunk;
      for (let attempt = 0; left.length > 0; attempt += 1) {
        left = await this.putOnce(left, limit, attempt);
        if (left.length > 0) await waitJittered(attempt, PUT_BACKOFF, limit);
      }
    }
  }

  /** Puts a chunk; returns the entries the stream did not take. */
  private async putOnce(entries: StreamEntry[], signal: AbortSignal, attempt: number): Promise<StreamEntry[]> {
    try {
      const command = new PutRecordsCommand({
        StreamName: this.stream,
        Records: entries.map(({ data, partitionKey }) => ({ Data: data, PartitionKey: partitionKey })),
      });
      const { FailedRecordCount, Records } = await this.client.send(command, { abortSignal: signal });
      if (!FailedRecordCount) return [];
      return entries.filter((_, index) => Records?.[index]?.ErrorCode !== undefined);
    } catch (error) {
      signal.throwIfAborted();
      if (isNamed(error, 'ValidationException', 'InvalidArgumentException')) throw error;
      this.onRetry(error, attempt);
      return entries;
    }
  }

  private async create(): Promise<void> {
    try {
      await this.client.send(new CreateStreamCommand({ StreamName: this.stream, ShardCount: 1 }));
    } catch (error) {
      if (!isNamed(error, 'ResourceInUseException')) throw error;
    }
  }
}

/** A stream on Amazon Kinesis, or on any server that speaks its protocol. */
export function createKinesisStream(options: KinesisStreamOptions): EventStream {
  return new KinesisStream(options);
}
