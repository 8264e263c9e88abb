import { decodeDelivery, encodeStreamRecord } from '@lumina/ingest';
import { medianOf } from '../statistics.ts';
import { simulatedEvents, type BenchEvent, type SizeRange } from './workload.ts';

const EVENTS = 4_000;
/** So many that the compiler, whose threads count too, is done: a worker that runs for days is not measured by its start. */
const WARM_UP_ROUNDS = 200;
const ROUNDS = 61;
const RECEIVED_MS = Date.UTC(2026, 2, 3, 10, 10, 0);

/** Sizes around 560 bytes: what most events have. Left out are the shortest, the longest and snapshots of many agents. */
const USUAL: SizeRange = { least: 350, most: 770 };
const ANY: SizeRange = { least: 0, most: Infinity };

/** What the core costs beside bare JSON.parse. */
interface CoreCost {
  /** Time of bare JSON.parse / time from the bytes of a record of the stream to its facts; median of interleaved rounds. */
  readonly ratio: number;
  readonly eventBytes: number;
  readonly jsonParseNs: number;
  readonly coreNs: number;
}

/** The core on events of about 560 bytes, and on all that a contact centre sends. */
export interface CoreResult extends Omit<CoreCost, 'ratio'> {
  readonly coreVsJsonParse: number;
  readonly anySizeVsJsonParse: number;
  readonly anySizeBytes: number;
}

/** Processor time of this process, all its threads included, in µs: other processes of the machine do not count. */
function cpuUsOf(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

/** Measures decoding, validation and facts on the bytes that the peer only parses. */
function costOn(events: readonly BenchEvent[]): CoreCost {
  const records = events.map(({ territoryId, regionId, bytes }, index) => ({
    data: encodeStreamRecord({ territoryId, regionId, receivedMs: RECEIVED_MS + index, body: 'events' }, bytes),
    context: { regionId, personalIdSecret: 'bench' },
  }));
  let parsed: unknown;
  let facts = 0;
  const peer = (): void => {
    for (const { bytes } of events) parsed = JSON.parse(bytes.toString());
  };
  const ours = (): void => {
    for (const { data, context } of records) {
      const delivery = decodeDelivery(data, context);
      if (delivery.error !== undefined) throw new Error(`${delivery.error.code}: ${delivery.error.detail}`);
      facts += delivery.facts.length;
    }
  };
  const peerUs: number[] = [];
  const oursUs: number[] = [];
  for (let round = 0; round < WARM_UP_ROUNDS + ROUNDS; round += 1) {
    const theirs = cpuUsOf(peer);
    const own = cpuUsOf(ours);
    if (round < WARM_UP_ROUNDS) continue;
    peerUs.push(theirs);
    oursUs.push(own);
  }
  if (parsed === undefined || facts === 0) throw new Error('Nothing was measured.');
  return {
    ratio: medianOf(peerUs.map((us, index) => us / (oursUs[index] ?? Number.NaN))),
    eventBytes: events.reduce((sum, { bytes }) => sum + bytes.length, 0) / events.length,
    jsonParseNs: (medianOf(peerUs) / events.length) * 1000,
    coreNs: (medianOf(oursUs) / events.length) * 1000,
  };
}

/** Measures the core on events of the usual size, and for comparison on those of any. */
export function measureCore(): CoreResult {
  const { ratio, ...usual } = costOn(simulatedEvents(EVENTS, USUAL));
  const any = costOn(simulatedEvents(EVENTS, ANY));
  return { coreVsJsonParse: ratio, ...usual, anySizeVsJsonParse: any.ratio, anySizeBytes: any.eventBytes };
}
