import { setTimeout as delay } from 'node:timers/promises';
import { PutRecordsCommand, type KinesisClient } from '@aws-sdk/client-kinesis';
import { encodeStreamRecord } from '@lumina/ingest';
import { queueLeave } from './workload.ts';

const RECORDS_PER_CALL = 200;

/** Puts events on a stream at a steady rate. */
export interface Producer {
  /** Events that the stream has taken. */
  produced(): number;
  /** Ends after the call in flight; throws what the stream refused. */
  stop(): Promise<void>;
}

/** Starts a producer that falls behind rather than hurry: the rate is an upper bound. */
export function startProducer(client: KinesisClient, stream: string, ratePerSecond: number): Producer {
  let isOver = false;
  let produced = 0;
  const put = async (): Promise<void> => {
    const nowMs = Date.now();
    const records = Array.from({ length: RECORDS_PER_CALL }, (_, offset) => ({
      Data: encodeStreamRecord(
        { territoryId: 101, regionId: 1, receivedMs: nowMs, body: 'events' },
        queueLeave(produced + offset, nowMs),
      ),
      PartitionKey: String(produced + offset),
    }));
    const { FailedRecordCount } = await client.send(new PutRecordsCommand({ StreamName: stream, Records: records }));
    if (FailedRecordCount !== 0) throw new Error('The stream refused records.');
    produced += RECORDS_PER_CALL;
  };
  const run = async (): Promise<void> => {
    let dueMs = performance.now();
    while (!isOver) {
      await put();
      dueMs = Math.max(performance.now() - 1000, dueMs + (RECORDS_PER_CALL / ratePerSecond) * 1000);
      await delay(Math.max(0, dueMs - performance.now()));
    }
  };
  const running = run();
  // Told to whoever stops it.
  running.catch(() => undefined);
  return {
    produced: () => produced,
    stop: async () => {
      isOver = true;
      await running;
    },
  };
}
