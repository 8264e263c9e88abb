import type { ConfigChange, DeadLetterCode, Fact } from '@lumina/contracts';

import type { Accounting, Delivery } from '../core/accounting.ts';
import { decodeDelivery, type DecodedDelivery, type DeliveryContext } from '../core/decode-delivery.ts';
import { EXTRACTOR_VERSION } from '../core/extractor-version.ts';
import type { Clock } from '../ports/clock.ts';
import type { DeadLetters } from '../ports/dead-letters.ts';
import type { StreamedRecord } from '../ports/event-stream.ts';
import type { FactOutcome, FactStore } from '../ports/fact-store.ts';
import type { IngestMetrics } from './metrics.ts';
import type { Failpoints } from './failpoints.ts';

/** What processing needs of the outside. */
export interface ProcessorPorts {
  readonly store: FactStore;
  readonly deadLetters: DeadLetters;
  readonly accounting: Accounting;
  readonly metrics: IngestMetrics;
  readonly clock: Clock;
  readonly stream: string;
  readonly context: DeliveryContext;
  /** Deaths that tests ask for. */
  readonly failpoints?: Failpoints | undefined;
}

interface Settled {
  readonly record: StreamedRecord;
  readonly delivery: DecodedDelivery;
  readonly outcomes: readonly FactOutcome[];
}

function deathOf({ delivery, outcomes }: Settled): { code: DeadLetterCode; message: string } | undefined {
  if (delivery.error !== undefined) return { code: delivery.error.code, message: delivery.error.detail };
  for (const outcome of outcomes)
    if (outcome.status === 'dead') return { code: outcome.code, message: outcome.message };
  return undefined;
}

function classOf(settled: Settled, watermarkMs: number): Delivery['outcome'] {
  const { delivery, outcomes } = settled;
  if (deathOf(settled) !== undefined) return 'dead_lettered';
  if (outcomes.length > 0 && outcomes.every(({ status }) => status === 'duplicate')) return 'duplicate';
  return delivery.facts.length > 0 && delivery.facts.every(({ timeMs }) => timeMs < watermarkMs) ? 'late' : 'stored';
}

/** One event may become thousands of facts, as a state held for weeks does: of so many a page is stored in portions. */
const FACTS_PER_PORTION = 20_000;

/** What the first records of a page came to, once the store has acknowledged it and its dead letters are kept. */
export interface Processed {
  /** So many records were done; the others are to be given again. */
  readonly count: number;
  /** Facts that the store has: they may be shown live. */
  readonly facts: readonly Fact[];
  /** Changes of configuration met in the page. */
  readonly changes: readonly ConfigChange[];
}

function countSettled(
  { accounting, metrics, clock }: ProcessorPorts,
  settled: readonly Settled[],
  watermarkMs: number,
): void {
  const nowMs = clock.nowMs();
  const deliveries = settled
    .filter(({ delivery }) => !delivery.isAccounting)
    .map((one) => ({
      source: one.delivery.source,
      territoryId: one.delivery.territoryId,
      outcome: classOf(one, watermarkMs),
      lagMs: Math.max(0, nowMs - (one.delivery.receivedMs ?? one.record.arrivedMs)),
    }));
  accounting.count(deliveries, nowMs);
  for (const { source, outcome, lagMs } of deliveries) {
    metrics.deliveries.inc({ source, outcome });
    metrics.lagMs.observe(lagMs);
  }
  metrics.unmatchedResumes.inc(settled.filter(({ delivery }) => delivery.isUnmatchedResume === true).length);
}

async function keepDeadLetters(
  ports: ProcessorPorts,
  shardId: string,
  settled: readonly Settled[],
  signal: AbortSignal,
): Promise<void> {
  const letters = settled.flatMap((one) => {
    const death = deathOf(one);
    if (death === undefined) return [];
    const { sequence, arrivedMs, data } = one.record;
    return [
      {
        stream: ports.stream,
        shardId,
        sequence,
        arrivedMs,
        ...death,
        bytes: data,
        extractorVersion: EXTRACTOR_VERSION,
      },
    ];
  });
  if (letters.length === 0) return;
  await ports.deadLetters.put(letters, signal);
  for (const { code } of letters) ports.metrics.deadLetters.inc({ code });
}

/** Decodes records until they hold as many facts as are stored at once. */
function decodePortion({ context }: ProcessorPorts, records: readonly StreamedRecord[]): Omit<Settled, 'outcomes'>[] {
  const deliveries: Omit<Settled, 'outcomes'>[] = [];
  let facts = 0;
  for (const record of records) {
    // What lies in the future is told from the stream's clock, never from ours: a record means the same to every reader.
    const delivery = decodeDelivery(record.data, { ...context, nowMs: record.arrivedMs });
    deliveries.push({ record, delivery });
    facts += delivery.facts.length;
    if (facts >= FACTS_PER_PORTION) break;
  }
  return deliveries;
}

/**
 * Stores the facts of a page of records and keeps its dead letters; the same in every host. When it resolves, each
 * record of those it counts is stored, a duplicate, or a dead letter; of a page with very many facts these are only the
 * first. Throws only when aborted, or when dead letters cannot be kept.
 */
export async function processRecords(
  ports: ProcessorPorts,
  shardId: string,
  records: readonly StreamedRecord[],
  watermarkMs: number,
  signal: AbortSignal,
): Promise<Processed> {
  const deliveries = decodePortion(ports, records);
  ports.failpoints?.hit('after-decode');
  const facts = deliveries.flatMap(({ delivery }) => delivery.facts);
  ports.failpoints?.hit('before-write');
  const outcomes = facts.length === 0 ? [] : await ports.store.write(facts, { signal });
  ports.failpoints?.hit('after-write');
  let next = 0;
  const settled = deliveries.map(({ record, delivery }) => {
    const own = outcomes.slice(next, next + delivery.facts.length);
    next += delivery.facts.length;
    return { record, delivery, outcomes: own };
  });
  await keepDeadLetters(ports, shardId, settled, signal);
  ports.failpoints?.hit('after-dead-letters');
  countSettled(ports, settled, watermarkMs);
  return {
    count: deliveries.length,
    // Of duplicates too: whoever stored them may have died before telling. Who follows keeps the highest version.
    facts: facts.filter((_, index) => outcomes[index]?.status !== 'dead'),
    changes: deliveries.flatMap(({ delivery }) => delivery.changes ?? []),
  };
}
