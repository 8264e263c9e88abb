import {
  DescribeStreamSummaryCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  type KinesisClient,
} from '@aws-sdk/client-kinesis';

import type { ShardPage, ShardReader } from '../ports/event-stream.ts';
import { isNamed } from './service-error.ts';

/** A page is kept near this size, so that what a worker holds does not depend on how large events are. */
const PAGE_BYTES = 2_000_000;
const FEWEST_RECORDS = 50;
const MOST_RECORDS = 5000;
/** Until the size of the events is known. */
const FIRST_RECORDS = 500;
/** Every stream keeps records for a day at least: younger places need no question. */
const LEAST_RETENTION_MS = 24 * 3_600_000;

/** A place in a shard: behind a record, or its beginning. */
export interface ShardPlace {
  readonly sequence: string | undefined;
  /** Until when everything that reached the stream lies before the place; undefined when nobody noted it. */
  readonly arrivedMs: number | undefined;
}

/** How many records to ask for so that a page has about so many bytes, by the mean size of the page before. */
export function nextPageLimit(records: number, bytes: number): number {
  if (records === 0) return FIRST_RECORDS;
  const fitting = Math.floor(PAGE_BYTES / Math.max(1, bytes / records));
  return Math.min(MOST_RECORDS, Math.max(FEWEST_RECORDS, fitting));
}

function callOptions(signal: AbortSignal | undefined): { abortSignal?: AbortSignal } {
  return signal === undefined ? {} : { abortSignal: signal };
}

/** Reads one shard of a Kinesis stream. */
export class KinesisShardReader implements ShardReader {
  private readonly client: KinesisClient;
  private readonly stream: string;
  private readonly shardId: string;
  private iterator: string | undefined;
  private place: ShardPlace;
  private limit = FIRST_RECORDS;
  private gap: string | undefined;

  constructor(client: KinesisClient, stream: string, shardId: string, place: ShardPlace) {
    this.client = client;
    this.stream = stream;
    this.shardId = shardId;
    this.place = place;
  }

  async next(signal?: AbortSignal): Promise<ShardPage> {
    this.iterator ??= await this.openIterator(signal);
    let page;
    try {
      page = await this.client.send(
        new GetRecordsCommand({ ShardIterator: this.iterator, Limit: this.limit }),
        callOptions(signal),
      );
    } catch (error) {
      // Whatever failed, the next page starts after the last record handed out, never from a stale iterator.
      this.iterator = undefined;
      if (isNamed(error, 'TrimmedDataAccessException')) this.forgetPlace((error as Error).message);
      throw error;
    }
    const records = (page.Records ?? []).map(({ SequenceNumber, Data, ApproximateArrivalTimestamp }) => ({
      sequence: SequenceNumber ?? '',
      data: Data ?? new Uint8Array(),
      arrivedMs: ApproximateArrivalTimestamp?.getTime() ?? Date.now(),
    }));
    const last = records.at(-1);
    if (last !== undefined) {
      this.place = last;
      const bytes = records.reduce((sum, { data }) => sum + data.length, 0);
      this.limit = nextPageLimit(records.length, bytes);
    } else if (page.MillisBehindLatest === 0) {
      // Nothing came until now, so nothing older can be lost: a quiet shard is no gap.
      this.place = { sequence: this.place.sequence, arrivedMs: Date.now() };
    }
    this.iterator = page.NextShardIterator;
    const { gap } = this;
    this.gap = undefined;
    return {
      records,
      behindMs: page.MillisBehindLatest ?? 0,
      isEnd: page.NextShardIterator === undefined,
      ...(gap === undefined ? {} : { gap }),
    };
  }

  private async openIterator(signal: AbortSignal | undefined): Promise<string> {
    await this.checkRetention(signal);
    try {
      return await this.iteratorAt(this.place, signal);
    } catch (error) {
      // The stream has forgotten the place, or is another one of the same name: what it still has is read from the start.
      if (
        this.place.sequence === undefined ||
        !isNamed(error, 'InvalidArgumentException', 'TrimmedDataAccessException')
      )
        throw error;
      this.forgetPlace((error as Error).message);
      return this.iteratorAt(this.place, signal);
    }
  }

  private async iteratorAt({ sequence }: ShardPlace, signal: AbortSignal | undefined): Promise<string> {
    const command = new GetShardIteratorCommand({
      StreamName: this.stream,
      ShardId: this.shardId,
      ...(sequence === undefined
        ? { ShardIteratorType: 'TRIM_HORIZON' }
        : { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', StartingSequenceNumber: sequence }),
    });
    const { ShardIterator } = await this.client.send(command, callOptions(signal));
    if (ShardIterator === undefined) throw new Error(`Kinesis gave no iterator for ${this.shardId}.`);
    return ShardIterator;
  }

  /** Kinesis says nothing when a place is older than what it keeps: it goes on with the oldest it has. */
  private async checkRetention(signal: AbortSignal | undefined): Promise<void> {
    const { sequence, arrivedMs } = this.place;
    if (sequence === undefined || arrivedMs === undefined || Date.now() - arrivedMs < LEAST_RETENTION_MS) return;
    const command = new DescribeStreamSummaryCommand({ StreamName: this.stream });
    const { StreamDescriptionSummary: summary } = await this.client.send(command, callOptions(signal));
    const retentionMs = (summary?.RetentionPeriodHours ?? 24) * 3_600_000;
    if (Date.now() - arrivedMs > retentionMs)
      this.gap = `The shard was read up to ${new Date(arrivedMs).toISOString()}, and the stream no longer keeps what came then.`;
  }

  private forgetPlace(reason: string): void {
    this.gap = reason;
    this.place = { sequence: undefined, arrivedMs: undefined };
  }
}
