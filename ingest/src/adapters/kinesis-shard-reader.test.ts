import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { KinesisClient } from '@aws-sdk/client-kinesis';

import { KinesisShardReader, nextPageLimit, type ShardPlace } from './kinesis-shard-reader.ts';

interface Call {
  readonly name: string;
  readonly input: Readonly<Record<string, unknown>>;
}
type Answer = Readonly<Record<string, unknown>> | Error;

function named(name: string): Error {
  const error = new Error(name);
  error.name = name;
  return error;
}

/** A client that gives iterators by itself and pages as told. */
class TestClient {
  readonly calls: Call[] = [];
  readonly pages: Answer[] = [];
  readonly iterators: Answer[] = [];
  retentionHours = 24;

  send(command: { readonly constructor: { readonly name: string }; readonly input: Call['input'] }): Promise<unknown> {
    const { name } = command.constructor;
    this.calls.push({ name, input: command.input });
    const answer = this.answerTo(name);
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  }

  starts(): unknown[] {
    const opened = this.calls.filter(({ name }) => name === 'GetShardIteratorCommand');
    return opened.map(({ input }) => input['StartingSequenceNumber'] ?? input['ShardIteratorType']);
  }

  private answerTo(name: string): Answer {
    if (name === 'GetShardIteratorCommand') return this.iterators.shift() ?? { ShardIterator: 'it' };
    if (name === 'DescribeStreamSummaryCommand')
      return { StreamDescriptionSummary: { RetentionPeriodHours: this.retentionHours } };
    return this.pages.shift() ?? { Records: [], NextShardIterator: 'it', MillisBehindLatest: 0 };
  }
}

const START: ShardPlace = { sequence: undefined, arrivedMs: undefined };

function pageOf(...sequences: string[]): Answer {
  const records = sequences.map((SequenceNumber) => ({
    SequenceNumber,
    Data: new Uint8Array(10),
    ApproximateArrivalTimestamp: new Date(),
  }));
  return { Records: records, NextShardIterator: 'next', MillisBehindLatest: 5 };
}

function open(place: ShardPlace): { client: TestClient; reader: KinesisShardReader } {
  const client = new TestClient();
  return { client, reader: new KinesisShardReader(client as unknown as KinesisClient, 'events', 's', place) };
}

describe('the reader of a Kinesis shard', () => {
  test('after any failure the next page starts behind the last record handed out', async () => {
    const { client, reader } = open({ sequence: '4', arrivedMs: Date.now() });
    client.pages.push(pageOf('5', '6'), named('ExpiredIteratorException'), pageOf('7'));
    await reader.next();
    await assert.rejects(reader.next(), { name: 'ExpiredIteratorException' });
    const page = await reader.next();
    assert.deepEqual(
      page.records.map(({ sequence }) => sequence),
      ['7'],
    );
    assert.deepEqual(client.starts(), ['4', '6']);
  });

  test('a place that the stream no longer has: everything it still has, and a gap', async () => {
    for (const name of ['InvalidArgumentException', 'TrimmedDataAccessException']) {
      const { client, reader } = open({ sequence: '4', arrivedMs: Date.now() });
      client.iterators.push(named(name));
      client.pages.push(pageOf('9'));
      assert.equal((await reader.next()).gap, name);
      assert.deepEqual(client.starts(), ['4', 'TRIM_HORIZON']);
      assert.equal((await reader.next()).gap, undefined, 'told once');
    }
  });

  test('records that are trimmed while they are read', async () => {
    const { client, reader } = open({ sequence: '4', arrivedMs: Date.now() });
    client.pages.push(named('TrimmedDataAccessException'), pageOf('9'));
    await assert.rejects(reader.next());
    assert.equal((await reader.next()).gap, 'TrimmedDataAccessException');
    assert.deepEqual(client.starts(), ['4', 'TRIM_HORIZON']);
  });

  test('a place older than the retention of the stream is a gap that Kinesis does not tell', async () => {
    const hour = 3_600_000;
    for (const [ageMs, retentionHours, isGap] of [
      [23 * hour, 24, false],
      [25 * hour, 24, true],
      [25 * hour, 48, false],
    ] as const) {
      const { client, reader } = open({ sequence: '4', arrivedMs: Date.now() - ageMs });
      client.retentionHours = retentionHours;
      assert.equal((await reader.next()).gap !== undefined, isGap);
    }
  });

  test('a shard read from its beginning has no gap', async () => {
    const { client, reader } = open(START);
    assert.equal((await reader.next()).gap, undefined);
    assert.deepEqual(client.starts(), ['TRIM_HORIZON']);
  });

  test('pages stay near one size in bytes, however large the events are', () => {
    assert.equal(nextPageLimit(100, 100 * 1000), 2000);
    assert.equal(nextPageLimit(10, 10 * 1_000_000), 50);
    assert.equal(nextPageLimit(10, 10), 5000);
  });
});
