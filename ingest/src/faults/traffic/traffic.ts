import { Oracle, type Totals } from './oracle.ts';
import { allPoison } from './poison.ts';
import { platformStory } from './platform-stories.ts';
import { Random } from './random.ts';
import { agentStory, callStory, depthStory, type SentEvent, type StoryScope } from './stories.ts';

/** A record for the stream. */
export interface Delivery {
  readonly bytes: Buffer;
  readonly partitionKey: string;
  /** The code with which it must end as a dead letter. */
  readonly deadCode?: string;
}

/** Traffic and what it must come to. */
export interface Traffic {
  /** In the order of their delivery. */
  readonly deliveries: readonly Delivery[];
  readonly totals: Totals;
}

/** How much of what. */
export interface TrafficOptions {
  readonly seed: number;
  readonly territories: readonly number[];
  /** Calls in each territory. */
  readonly calls: number;
  /** Rounds of one poison of each kind. */
  readonly poisonRounds?: number;
  /** How long ago the traffic happened at least, and over how long. */
  readonly agoMs?: number;
  /** How far in the future the poison is that is from there. */
  readonly aheadMs?: number;
}

const REGION_ID = 1;
const SPAN_MS = 15 * 60_000;
const AGO_MS = 5 * 60_000;
/** Still in the future at the end of a long run. */
const AHEAD_MS = 3 * 3_600_000;
const AGENT_CHANGES = 6;
const DEPTH_SAMPLES = 12;
const PLATFORM_THINGS = 5;

interface Queued {
  readonly delivery: Delivery;
  readonly place: number;
}

/** As the collector puts it, or bare as others may. */
function recordOf(event: SentEvent, random: Random): Buffer {
  const body = JSON.stringify(event);
  if (random.isLucky(0.5)) return Buffer.from(body);
  const { territoryId, regionId } = event;
  const header = { lumina: 1, territoryId, regionId, receivedMs: Date.now(), body: 'events' };
  return Buffer.from(`${JSON.stringify(header)}\n${body}`);
}

/** Some come late, some come twice or three times, and neighbours change places. */
function placesOf(index: number, total: number, random: Random): number[] {
  const disturbed = index + random.fraction() * 12;
  const first = random.isLucky(0.08) ? random.between(index, total) : disturbed;
  const places = [first];
  while (random.isLucky(0.08)) places.push(random.between(Math.floor(first), total));
  return places;
}

/** Makes up traffic over territories, queues and agents, disturbed as the real one is. */
export function makeTraffic(options: TrafficOptions): Traffic {
  const random = new Random(options.seed);
  const oracle = new Oracle();
  const sent: { event: SentEvent; key: string }[] = [];
  const nowMs = Date.now();
  const startMs = nowMs - (options.agoMs ?? AGO_MS) - SPAN_MS;
  for (const territoryId of options.territories) {
    const scope: StoryScope = {
      territoryId,
      regionId: REGION_ID,
      random,
      oracle,
      send: (event, key) => sent.push({ event, key }),
    };
    for (let call = 0; call < options.calls; call += 1) {
      // Whole seconds meet more often than milliseconds, as many sources know no better.
      const ms = startMs + random.between(0, SPAN_MS);
      callStory(scope, `c-${String(territoryId)}-${String(call)}-x`, random.isLucky(0.3) ? ms - (ms % 1000) : ms);
    }
    for (const name of ['a', 'b']) agentStory(scope, `agent-state-${name}`, startMs, AGENT_CHANGES);
    for (let thing = 0; thing < PLATFORM_THINGS; thing += 1) {
      const ms = startMs + random.between(0, SPAN_MS);
      platformStory(scope, `p-${String(territoryId)}-${String(thing)}-x`, ms);
    }
    depthStory(scope, 'part-one', startMs, DEPTH_SAMPLES);
  }
  const queued: Queued[] = sent.flatMap(({ event, key }, index) => {
    const delivery = { bytes: recordOf(event, random), partitionKey: key };
    return placesOf(index, sent.length, random).map((place) => ({ delivery, place }));
  });
  const [territoryId = 0] = options.territories;
  for (let round = 0; round < (options.poisonRounds ?? 0); round += 1) {
    for (const { bytes, code, kind } of allPoison(territoryId, round, nowMs, options.aheadMs ?? AHEAD_MS)) {
      const delivery = { bytes, partitionKey: `${kind}-${String(round)}`, deadCode: code };
      queued.push({ delivery, place: random.between(0, sent.length) });
    }
  }
  queued.sort((a, b) => a.place - b.place);
  return { deliveries: queued.map(({ delivery }) => delivery), totals: oracle.totals };
}
