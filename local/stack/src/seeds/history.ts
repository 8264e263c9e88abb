import { decodeEvent, extractFacts } from '@lumina/ingest';
import type { FactStore, LiveTail } from '@lumina/ingest';
import type { Fact } from '@lumina/contracts';
import { historyOf } from '@lumina/simulator';
import type { Population } from '@lumina/simulator';
import type { HistoryPlan } from './history-plan.ts';

const HOUR_MS = 3_600_000;
/** Facts per write: the store cuts them into calls, and this many keep its calls full. */
const FACTS_PER_WRITE = 4000;

/** Where a past is written, and who is told of it. */
export interface HistoryPorts {
  readonly store: FactStore;
  readonly tail: Pick<LiveTail, 'publish'>;
}

/** What became of a territory's past. */
export interface HistoryCounts {
  readonly events: number;
  readonly facts: number;
  readonly stored: number;
  readonly superseded: number;
}

/** The raw events of a territory's past as text, by hour, the latest hour first: it is looked at first. */
function hoursOf(territory: Population, plan: HistoryPlan): string[][] {
  const hours = new Map<number, string[]>();
  const { territoryId } = territory;
  const { fromMs, toMs, worldStartMs } = plan;
  for (const { atMs, body } of historyOf({ territoryId, fromMs, toMs, worldStartMs })) {
    const hour = Math.floor(atMs / HOUR_MS);
    const events = hours.get(hour);
    // Text takes a fraction of the memory of objects.
    if (events === undefined) hours.set(hour, [JSON.stringify(body)]);
    else events.push(JSON.stringify(body));
  }
  return [...hours.entries()].sort(([a], [b]) => b - a).map(([, events]) => events);
}

function factsOf(text: string, territory: Population, personalIdSecret: string): Fact[] {
  const { territoryId, regionId } = territory;
  const decoded = decodeEvent(JSON.parse(text), { territoryId, regionId, personalIdSecret });
  if ('error' in decoded) throw new Error(`history_undecodable: ${decoded.error.code}: ${decoded.error.detail}`);
  return decoded.events.flatMap(extractFacts);
}

/** Whoever has looked at a stretch before it was written looks again. */
async function tell({ territoryId }: Population, tail: HistoryPorts['tail'], facts: readonly Fact[]): Promise<void> {
  if (facts.length === 0) return;
  const times = facts.map(({ timeMs }) => timeMs);
  const fromMs = times.reduce((least, timeMs) => Math.min(least, timeMs));
  const toMs = times.reduce((most, timeMs) => Math.max(most, timeMs)) + 1;
  const rewritten = [{ territoryId, fromMs, toMs }];
  await tail.publish([{ v: 1, source: 'history', seq: 0, watermark: 0, facts: [], rewritten }]);
}

/**
 * Writes a territory's past through the ingest core straight into the store. The same plan writes the same facts, so
 * a run that was broken off is repeated without harm.
 */
export async function seedHistory(
  territory: Population,
  plan: HistoryPlan,
  { store, tail }: HistoryPorts,
  personalIdSecret: string,
): Promise<HistoryCounts> {
  const counts = { events: 0, facts: 0, stored: 0, superseded: 0 };
  let pending: Fact[] = [];
  const write = async (): Promise<void> => {
    const facts = pending;
    pending = [];
    for (const outcome of await store.write(facts)) {
      if (outcome.status === 'dead') throw new Error(`history_refused: ${outcome.code}: ${outcome.message}`);
      if (outcome.status === 'stored') counts.stored += 1;
      else counts.superseded += 1;
    }
    counts.facts += facts.length;
    await tell(territory, tail, facts);
  };
  for (const events of hoursOf(territory, plan)) {
    for (const text of events) {
      counts.events += 1;
      pending.push(...factsOf(text, territory, personalIdSecret));
      if (pending.length >= FACTS_PER_WRITE) await write();
    }
  }
  await write();
  return counts;
}
