import assert from 'node:assert/strict';
import { describe, test, type TestContext } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import type { ConfigChange, Fact, LiveTailRecord } from '@lumina/contracts';
import { pino } from 'pino';

import { MemoryLiveTail } from '../adapters/memory-doubles.ts';
import { TailPublisher } from './tail-publisher.ts';

const HEARTBEAT_MS = 1000;
const GENERATION = 3;
const FIRST = GENERATION * 1_000_000_000 + 1;

/** A tail that takes records when it is let. */
class GatedTail extends MemoryLiveTail {
  gate: Promise<unknown> = Promise.resolve();

  override async publish(records: readonly LiveTailRecord[]): Promise<void> {
    await this.gate;
    await super.publish(records);
  }
}

function fact(n: number): Fact {
  return {
    table: 'call_metrics',
    name: 'start',
    territoryId: 101,
    regionId: 1,
    dimensions: { direction: 'inbound' },
    timeMs: n,
    eid: `c${String(n)}`,
    version: 1,
    measures: { n: 1, eid: `c${String(n)}` },
  };
}

function open(
  t: TestContext,
  watermarkMs = 0,
): Record<'tail', GatedTail> &
  Record<'publisher', TailPublisher> &
  Record<'companions', Fact[]> &
  Record<'sure', { isSure: boolean }> & { pass(ms: number): Promise<void> } {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const tail = new GatedTail();
  const companions: Fact[] = [];
  const sure = { isSure: true };
  let nowMs = 0;
  const publisher = new TailPublisher(
    {
      tail,
      logger: pino({ level: 'silent' }),
      stopwatch: { elapsedMs: () => nowMs },
      takeCompanions: () => companions.splice(0),
      isSure: () => sure.isSure,
    },
    { name: 'lumina-events/s', generation: GENERATION, watermarkMs },
    new AbortController().signal,
  );
  t.after(() => {
    publisher.stop();
  });
  const pass = async (ms: number): Promise<void> => {
    nowMs += ms;
    t.mock.timers.tick(ms);
    await turn();
  };
  return { tail, publisher, companions, sure, pass };
}

describe('the publisher of a shard', () => {
  test('gives a sign of life within each second, numbered without gaps, with the watermark', async (t) => {
    const { tail, publisher, pass } = open(t);
    await publisher.publish({ facts: [], changes: [] }, 5000);
    for (let second = 0; second < 3; second += 1) await pass(HEARTBEAT_MS);
    assert.deepEqual(
      tail.records.map(({ seq, watermark, facts }) => [seq, watermark, facts.length]),
      [0, 1, 2].map((index) => [FIRST + index, 5000, 0]),
    );
  });

  test('starts from the watermark of the owner before; it never falls', async (t) => {
    const { tail, publisher, pass } = open(t, 9000);
    await pass(HEARTBEAT_MS);
    await publisher.publish({ facts: [fact(1)], changes: [] }, 4000);
    assert.deepEqual(
      tail.records.map(({ watermark }) => watermark),
      [9000, 9000],
    );
  });

  test('says nothing before it knows how far the shard is read: nothing is no watermark', async (t) => {
    const { tail, pass } = open(t);
    await pass(HEARTBEAT_MS);
    assert.equal(tail.records.length, 0);
  });

  test('gives no sign of life while its right to the shard is in doubt', async (t) => {
    const { tail, sure, pass } = open(t, 9000);
    sure.isSure = false;
    await pass(HEARTBEAT_MS);
    assert.equal(tail.records.length, 0);
    sure.isSure = true;
    await pass(HEARTBEAT_MS);
    assert.equal(tail.records.length, 1);
  });

  test('a large page goes out in order in several records; only the last one moves the watermark', async (t) => {
    const { tail, publisher } = open(t, 1000);
    const facts = Array.from({ length: 600 }, (_, index) => fact(index));
    await publisher.publish({ facts, changes: [] }, 2000);
    assert.deepEqual(
      tail.records.map(({ seq, watermark }) => [seq, watermark]),
      [
        [FIRST, 1000],
        [FIRST + 1, 1000],
        [FIRST + 2, 2000],
      ],
    );
    assert.deepEqual(
      tail.records.flatMap((record) => record.facts),
      facts,
    );
  });

  test('makes no record larger than a stream takes, however long ids are', async (t) => {
    const { tail, publisher } = open(t);
    const longest = '\u{1F600}'.repeat(200);
    const facts = Array.from({ length: 500 }, (_, n): Fact => {
      const measures = { n: 1, visit_id: longest, call_id: longest, agent_id: longest, eid: longest };
      return { ...fact(n), dimensions: { queue_id: longest }, measures, eid: longest };
    });
    const queueIds = Array.from({ length: 1000 }, () => longest);
    const changes = Array.from({ length: 3 }, (_, n): ConfigChange => {
      const about = { type: 'CONFIG_CHANGE', source: 'platform', entity: 'agent', externalId: 'a' } as const;
      const time = '2026-03-03T10:00:00.000Z';
      return { v: 1, id: String(n), ...about, time, territoryId: 101, regionId: 1, change: { queueIds } };
    });
    await publisher.publish({ facts, changes }, 2000);
    assert.ok(tail.records.every((record) => Buffer.byteLength(JSON.stringify(record)) < 1_000_000));
    assert.equal(tail.records.flatMap((record) => record.facts).length, facts.length);
    assert.deepEqual(
      tail.records.flatMap((record) => record.changes ?? []).map(({ id }) => id),
      ['0', '1', '2'],
    );
    assert.deepEqual(
      tail.records.map(({ seq }) => seq),
      tail.records.map((_, index) => FIRST + index),
    );
    assert.deepEqual([...new Set(tail.records.slice(0, -1).map(({ watermark }) => watermark))], [0]);
    assert.equal(tail.records.at(-1)?.watermark, 2000);
  });

  test('changes of configuration and accounts go along', async (t) => {
    const { tail, publisher, companions } = open(t, 1000);
    const change: ConfigChange = {
      v: 1,
      id: 'c1',
      type: 'CONFIG_CHANGE',
      source: 'platform',
      time: '2026-03-03T10:00:00.000Z',
      territoryId: 101,
      regionId: 1,
      entity: 'queue',
      externalId: 'q1',
      change: 'created',
    };
    companions.push(fact(7));
    await publisher.publish({ facts: [], changes: [change] }, 2000);
    assert.deepEqual(
      tail.records.map(({ facts, changes }) => [facts, changes]),
      [[[fact(7)], [change]]],
    );
  });

  test('while the tail takes nothing, signs of life do not queue; what was published comes first', async (t) => {
    const { tail, publisher, pass } = open(t, 1000);
    const { promise, resolve } = Promise.withResolvers();
    tail.gate = promise;
    const published = publisher.publish({ facts: [fact(1)], changes: [] }, 2000);
    for (let second = 0; second < 5; second += 1) await pass(HEARTBEAT_MS);
    assert.equal(tail.records.length, 0);
    resolve(undefined);
    await published;
    await publisher.close();
    assert.deepEqual(
      tail.records.map(({ seq, facts }) => [seq, facts.length]),
      [
        [FIRST, 1],
        [FIRST + 1, 0],
      ],
    );
  });
});
