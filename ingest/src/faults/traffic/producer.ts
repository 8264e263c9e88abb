import { setTimeout as delay } from 'node:timers/promises';
import {
  CreateStreamCommand,
  DescribeStreamCommand,
  KinesisClient,
  MergeShardsCommand,
  PutRecordsCommand,
  SplitShardCommand,
  type Shard,
} from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';

import { until } from '../../testing/until.ts';
import { AWS_REGION, CREDENTIALS } from '../cloud.ts';
import type { Delivery } from './traffic.ts';

const RECORDS_PER_PUT = 100;

/** A dead letter that there must be. */
export interface ExpectedLetter {
  readonly code: string;
  readonly bytes: Buffer;
}

/** Puts traffic on a stream, past every door, and knows where each record went. */
export class Producer {
  /** Number of the last record of each shard. */
  readonly lastSequence = new Map<string, bigint>();
  /** What must be among the dead letters, by `<shard>/<sequence>`. */
  readonly letters = new Map<string, ExpectedLetter>();
  /** Records put so far. */
  put = 0;
  private readonly client: KinesisClient;
  private readonly stream: string;

  constructor(endpoint: string, stream: string) {
    this.client = new KinesisClient({
      endpoint,
      region: AWS_REGION,
      credentials: CREDENTIALS,
      requestHandler: new NodeHttpHandler(),
    });
    this.stream = stream;
  }

  close(): void {
    this.client.destroy();
  }

  async create(shards: number): Promise<void> {
    await this.client.send(new CreateStreamCommand({ StreamName: this.stream, ShardCount: shards }));
    await this.openShards();
  }

  async send(deliveries: readonly Delivery[]): Promise<void> {
    for (let start = 0; start < deliveries.length; start += RECORDS_PER_PUT) {
      const chunk = deliveries.slice(start, start + RECORDS_PER_PUT);
      const { Records } = await this.client.send(
        new PutRecordsCommand({
          StreamName: this.stream,
          Records: chunk.map(({ bytes, partitionKey }) => ({ Data: bytes, PartitionKey: partitionKey })),
        }),
      );
      for (const [index, delivery] of chunk.entries()) {
        const { ShardId, SequenceNumber } = Records?.[index] ?? {};
        if (ShardId === undefined || SequenceNumber === undefined) throw new Error('The stream refused a record.');
        this.note(ShardId, SequenceNumber, delivery);
      }
    }
  }

  /** Sends all of it in so many chunks, with a pause after each. */
  async trickle(deliveries: readonly Delivery[], chunks: number, pauseMs: number): Promise<void> {
    const size = Math.ceil(deliveries.length / chunks);
    for (let start = 0; start < deliveries.length; start += size) {
      await this.send(deliveries.slice(start, start + size));
      await delay(pauseMs);
    }
  }

  /** Sends a few records at a time, from the beginning again after the last, until told to stop; then what was not sent. */
  async keepSending(deliveries: readonly Delivery[], size: number, pauseMs: number, stop: AbortSignal): Promise<void> {
    let sent = 0;
    for (; !stop.aborted; sent += size) {
      const from = sent % deliveries.length;
      await this.send(deliveries.slice(from, from + size));
      await delay(pauseMs);
    }
    await this.send(deliveries.slice(sent));
  }

  /** Splits the first open shard in the middle of its keys. */
  async split(): Promise<void> {
    const [shard] = await this.openShards();
    const begin = BigInt(shard?.HashKeyRange?.StartingHashKey ?? 0);
    const end = BigInt(shard?.HashKeyRange?.EndingHashKey ?? 0);
    await this.client.send(
      new SplitShardCommand({
        StreamName: this.stream,
        ShardToSplit: shard?.ShardId,
        NewStartingHashKey: String((begin + end) / 2n),
      }),
    );
    await this.openShards();
  }

  /** Merges the first two open shards that are neighbours. */
  async merge(): Promise<void> {
    const open = await this.openShards();
    const begins = new Map(open.map((shard) => [shard.HashKeyRange?.StartingHashKey, shard]));
    for (const shard of open) {
      const next = begins.get(String(BigInt(shard.HashKeyRange?.EndingHashKey ?? 0) + 1n));
      if (next === undefined) continue;
      await this.client.send(
        new MergeShardsCommand({
          StreamName: this.stream,
          ShardToMerge: shard.ShardId,
          AdjacentShardToMerge: next.ShardId,
        }),
      );
      await this.openShards();
      return;
    }
    throw new Error('No two open shards are neighbours.');
  }

  private note(shardId: string, sequence: string, { bytes, deadCode }: Delivery): void {
    this.put += 1;
    const before = this.lastSequence.get(shardId) ?? 0n;
    if (BigInt(sequence) > before) this.lastSequence.set(shardId, BigInt(sequence));
    if (deadCode !== undefined) this.letters.set(`${shardId}/${sequence}`, { code: deadCode, bytes });
  }

  /** The shards that take records, as soon as the stream is done with what was asked of it. */
  private async openShards(): Promise<Shard[]> {
    const shards = await until(async () => {
      const { StreamDescription } = await this.client.send(new DescribeStreamCommand({ StreamName: this.stream }));
      return StreamDescription?.StreamStatus === 'ACTIVE' ? StreamDescription.Shards : undefined;
    }, `the stream ${this.stream}`);
    return shards.filter(({ SequenceNumberRange }) => SequenceNumberRange?.EndingSequenceNumber === undefined);
  }
}
