import { fileURLToPath } from 'node:url';
import { createLambdaHandler, createLambdaPorts, readLambdaConfig, type KinesisEvent } from '@lumina/ingest';
import { pino } from 'pino';
import { startMeasured } from '../child-process.ts';
import { medianOf } from '../statistics.ts';
import { createNaiveHandler } from './naive-handler.ts';
import { originalCallEvents } from './workload.ts';

const ROUNDS = 9;
const WARM_UP_ROUNDS = 3;
const BATCH_SIZE = 500;
const OUR_BATCHES = 6;
/** Writes of the peer are so dear that fewer events tell as much. */
const THEIR_EVENTS = 300;
const REMAINING_MS = 60_000;

/** What a handler spends on an event. */
interface Spent {
  readonly cpuUs: number;
  readonly wallUs: number;
}

/** What our function costs beside the original product's. */
export interface LambdaResult {
  /** Processor time per event of the original product's handler / of ours; median of interleaved rounds. */
  readonly lambdaVsNaive: number;
  readonly lambdaCpuUs: number;
  readonly naiveCpuUs: number;
  readonly lambdaEventsPerSecond: number;
  readonly naiveEventsPerSecond: number;
}

function batchOf(count: number, first: number): KinesisEvent {
  return {
    Records: originalCallEvents(count, first).map((bytes, index) => ({
      eventID: `shardId-000000000000:${String(first + index + 1)}`,
      kinesis: {
        partitionKey: 'bench',
        sequenceNumber: String(first + index + 1),
        data: bytes.toString('base64'),
        approximateArrivalTimestamp: Date.now() / 1000,
      },
    })),
  };
}

async function spentOn(events: number, work: () => Promise<void>): Promise<Spent> {
  const cpu = process.cpuUsage();
  const begunMs = performance.now();
  await work();
  const { user, system } = process.cpuUsage(cpu);
  return { cpuUs: (user + system) / events, wallUs: ((performance.now() - begunMs) * 1000) / events };
}

/** The same events through both handlers, into the same sink of another process. */
export async function measureLambda(): Promise<LambdaResult> {
  const sink = await startMeasured(fileURLToPath(new URL('sink.ts', import.meta.url)));
  const config = readLambdaConfig({
    LUMINA_REGION_ID: '1',
    KINESIS_ENDPOINT: sink.url,
    KINESIS_REGION: 'eu-west-1',
    TIMESTREAM_ENDPOINT: sink.url,
    TIMESTREAM_REGION: 'eu-west-1',
    TERRITORY_HASH_SECRET: 'bench',
    DLQ_DIR: '/nonexistent',
  });
  const ours = createLambdaHandler(createLambdaPorts(config, pino({ level: 'silent' })));
  const theirs = createNaiveHandler(sink.url);
  const oursSpent: Spent[] = [];
  const theirsSpent: Spent[] = [];
  let next = 0;
  const batch = (count: number): KinesisEvent => {
    next += count;
    return batchOf(count, next - count);
  };
  for (let round = 0; round < WARM_UP_ROUNDS + ROUNDS; round += 1) {
    const batches = Array.from({ length: OUR_BATCHES }, () => batch(BATCH_SIZE));
    const own = await spentOn(OUR_BATCHES * BATCH_SIZE, async () => {
      for (const event of batches) {
        const { batchItemFailures } = await ours(event, { getRemainingTimeInMillis: () => REMAINING_MS });
        if (batchItemFailures.length > 0) throw new Error('The function left records undone.');
      }
    });
    const naiveBatch = batch(THEIR_EVENTS);
    const naive = await spentOn(THEIR_EVENTS, () => theirs(naiveBatch));
    if (round < WARM_UP_ROUNDS) continue;
    oursSpent.push(own);
    theirsSpent.push(naive);
  }
  await sink.stop();
  const ratios = theirsSpent.map(({ cpuUs }, index) => cpuUs / (oursSpent[index]?.cpuUs ?? Number.NaN));
  return {
    lambdaVsNaive: medianOf(ratios),
    lambdaCpuUs: medianOf(oursSpent.map(({ cpuUs }) => cpuUs)),
    naiveCpuUs: medianOf(theirsSpent.map(({ cpuUs }) => cpuUs)),
    lambdaEventsPerSecond: 1e6 / medianOf(oursSpent.map(({ wallUs }) => wallUs)),
    naiveEventsPerSecond: 1e6 / medianOf(theirsSpent.map(({ wallUs }) => wallUs)),
  };
}
