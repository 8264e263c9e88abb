import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AwsTimestreamStore } from '@lumina/bff/timestream';
import type { Fact, LiveTailRecord, RegionId } from '@lumina/contracts';
import { createFactStore, decodeEvent, extractFacts } from '@lumina/ingest';
import type { FactStore } from '@lumina/ingest';
import { createSimulation, historyOf, populationOf } from '@lumina/simulator';
import type { Delivery } from '@lumina/simulator';
import { startTimestreamLocal } from 'timestream-local';
import { CountingStore } from './counting-store.ts';
import { VirtualClock } from './virtual-clock.ts';

const TERRITORY_ID = 101;
const REGION_ID: RegionId = 1;
const AWS_REGION = 'eu-west-1';
const CREDENTIALS = { accessKeyId: 'local', secretAccessKey: 'local' };
const PAST_MS = 26 * 3_600_000;
const FUTURE_MS = 4 * 3_600_000;
const FACTS_PER_WRITE = 4_000;
/** What ingestion still expects behind the newest record. */
const GRACE_MS = 2_000;
const ACCOUNT_SLOT_MS = 10_000;
const SECRET = 'bench';

interface TailBatch {
  readonly shardId: string;
  readonly sequence: string;
  readonly records: readonly LiveTailRecord[];
}

/** Whoever follows the live tail. */
export interface Follower {
  readonly take: (batch: TailBatch) => Promise<void> | void;
}

/** A region's store with a day in it, and traffic that goes on as its clock does. */
export interface SimulatedRegion {
  readonly store: CountingStore;
  readonly clock: VirtualClock;
  readonly territoryId: number;
  readonly regionId: RegionId;
  readonly queueIds: readonly string[];
  /** Lets a second of traffic be stored and told. */
  second: (follower: Follower) => Promise<void>;
  close: () => Promise<void>;
}

function factsOf({ body }: Pick<Delivery, 'body'>): Fact[] {
  const decoded = decodeEvent(body, { territoryId: TERRITORY_ID, regionId: REGION_ID, personalIdSecret: SECRET });
  if ('error' in decoded) throw new Error(`The simulated event was refused: ${decoded.error.detail}`);
  return decoded.events.flatMap(extractFacts);
}

/** Writes the day before an instant. */
async function writePast(writer: FactStore, toMs: number): Promise<void> {
  let pending: Fact[] = [];
  for (const delivery of historyOf({ territoryId: TERRITORY_ID, fromMs: toMs - PAST_MS, toMs })) {
    pending.push(...factsOf(delivery));
    if (pending.length < FACTS_PER_WRITE) continue;
    await writer.write(pending);
    pending = [];
  }
  await writer.write(pending);
}

/** What ingestion tells of itself: without it a board does not know how new its numbers are. */
function accountOf(nowMs: number, received: number): Fact {
  return {
    table: 'system_metrics',
    name: 'source',
    territoryId: TERRITORY_ID,
    regionId: REGION_ID,
    dimensions: { source: 'freeswitch', worker: 'bench' },
    timeMs: Math.floor(nowMs / ACCOUNT_SLOT_MS) * ACCOUNT_SLOT_MS,
    version: 1,
    measures: { received, rejected: 0, last_ms: nowMs },
  };
}

/** Stores and tells a second of traffic each time it is called. */
function trafficOf(writer: FactStore, clock: VirtualClock): SimulatedRegion['second'] {
  const startMs = clock.nowMs;
  const options = { startMs, endMs: startMs + FUTURE_MS, territories: [TERRITORY_ID], isRecording: false };
  const deliveries = createSimulation(options)[Symbol.iterator]();
  let next = deliveries.next();
  let seq = 0;
  return async (follower) => {
    await clock.pass(1_000);
    const facts: Fact[] = [];
    while (next.done !== true && next.value.atMs <= clock.nowMs) {
      facts.push(...factsOf(next.value));
      next = deliveries.next();
    }
    if (facts.length > 0) await writer.write(facts);
    seq += 1;
    const told = [...facts, accountOf(clock.nowMs, seq)];
    const record = { v: 1, source: 'bench/0', seq, watermark: clock.nowMs - GRACE_MS, facts: told } as const;
    await follower.take({ shardId: '0', sequence: String(seq), records: [record] });
  };
}

/** Builds the region; its clock begins now. */
export async function startSimulatedRegion(): Promise<SimulatedRegion> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-region-'));
  const clock = new VirtualClock(Math.floor(Date.now() / 900_000) * 900_000);
  const server = await startTimestreamLocal({
    port: 0,
    host: '127.0.0.1',
    dataDir: folder,
    clock: { nowMs: () => clock.nowMs },
  });
  const connection = { endpoint: server.url, region: AWS_REGION, credentials: CREDENTIALS };
  const writer = createFactStore(connection);
  const reader = new AwsTimestreamStore(connection);
  await writer.ensureTables();
  await writePast(writer, clock.nowMs);
  const population = populationOf(TERRITORY_ID);
  return {
    store: new CountingStore(reader),
    clock,
    territoryId: TERRITORY_ID,
    regionId: REGION_ID,
    queueIds: population.queues.map(({ id }) => id),
    second: trafficOf(writer, clock),
    close: async () => {
      reader.close();
      writer.close();
      await server.close();
      await rm(folder, { recursive: true });
    },
  };
}
