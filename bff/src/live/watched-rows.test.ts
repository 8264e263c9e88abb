import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import fc from 'fast-check';
import { applyRowChanges, parseRowOrder, sortRows } from '@lumina/contracts';
import type { DataRow, RowsReply, RowsRequest } from '@lumina/contracts';
import type { Identity } from '../auth/identity.ts';
import { HttpProblem } from '../http/problem.ts';
import { LiveHub } from './hub.ts';
import { parseLiveRequest } from './live-request.ts';
import { FakeMetrics, replyOf } from './testing/fake-metrics.ts';
import { FollowedReply } from './testing/followed-reply.ts';
import { REQUEST, viewer } from './testing/live-identity.ts';
import { ManualClock } from './testing/manual-clock.ts';
import { RecordingSink } from './testing/recording-sink.ts';
import { rowChanges, watchedRowsOf } from './watched-rows.ts';
import type { TopicReply } from './watched-rows.ts';

/** Answers with the rows a test sets, and remembers what it was asked. */
class FakeRows {
  readonly asked: { readonly request: RowsRequest; readonly identity: Pick<Identity, 'territoryId' | 'scope'> }[] = [];
  rows: DataRow[] = [];
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  query(request: RowsRequest, identity: Pick<Identity, 'territoryId' | 'scope'>): Promise<RowsReply> {
    this.asked.push({ request, identity });
    const asOf = this.#now();
    const meta = { from: 0, to: asOf, timeZone: 'UTC', asOf, watermark: asOf, order: request.order ?? 'join_ms' };
    return Promise.resolve({ rows: this.rows, next: null, meta });
  }
}

let clock: ManualClock;
let rows: FakeRows;
let metrics: FakeMetrics;
let hub: LiveHub;

beforeEach(() => {
  clock = new ManualClock();
  rows = new FakeRows(clock.now);
  metrics = new FakeMetrics(clock.now);
  hub = new LiveHub({ service: metrics, rows, clock, onFailure: () => undefined });
});

function watch(body: unknown, identity: Identity = viewer()): { sink: RecordingSink; followed: () => FollowedReply } {
  const sink = new RecordingSink();
  hub.open(identity, parseLiveRequest(body).subscriptions).start(sink, undefined);
  const followed = (): FollowedReply => {
    const reply = new FollowedReply();
    for (const frame of sink.frames) reply.take(frame);
    return reply;
  };
  return { sink, followed };
}

const waiting = (key: string, joinMs: number): DataRow => ({ key, join_ms: joinMs, wait_ms: 7 });

describe('rows that are watched', () => {
  it('come whole with the snapshot, then by what changed of them, without the wait that grows by itself', async () => {
    rows.rows = [waiting('a', 1), waiting('b', 2)];
    const { sink, followed } = watch({ ...REQUEST, rows: 'waiting' });
    await clock.pass(0);
    const [first] = sink.frames;
    assert.deepEqual(first?.event === 'snapshot' ? first.rows : undefined, [
      { key: 'a', join_ms: 1 },
      { key: 'b', join_ms: 2 },
    ]);
    rows.rows = [waiting('b', 2), waiting('c', 3)];
    await clock.pass(3_000);
    const changes = sink.frames.flatMap((frame) => (frame.event === 'delta' && frame.rows ? [frame.rows] : []));
    assert.deepEqual(
      changes.find(({ add }) => add.length > 0),
      {
        add: [{ key: 'c', join_ms: 3 }],
        change: [],
        remove: ['a'],
      },
    );
    assert.deepEqual(followed().reply?.rows, [
      { key: 'b', join_ms: 2 },
      { key: 'c', join_ms: 3 },
    ]);
  });

  it('are read every two seconds though metrics are every second, and once for all who watch the same', async () => {
    for (const sub of ['u1', 'u2', 'u3']) watch({ ...REQUEST, rows: 'waiting' }, viewer({ sub }));
    await clock.pass(8_000);
    assert.equal(metrics.evaluations.length, 9);
    assert.equal(rows.asked.length, 5);
  });

  it('may be all that is watched', async () => {
    rows.rows = [waiting('a', 1)];
    const { followed } = watch({ rows: { rows: 'waiting', order: '-wait_ms', limit: 5 } });
    await clock.pass(0);
    assert.deepEqual(rows.asked[0]?.request, { rows: 'waiting', order: 'join_ms', limit: 5 });
    assert.equal(followed().reply?.rows?.length, 1);
  });

  it('are never shared between territories, scopes, or rights', async () => {
    const body = { ...REQUEST, rows: 'agents' };
    const may = { permissions: ['metrics:read', 'directory:read'] as const };
    watch(body, viewer({ ...may }));
    watch(body, viewer({ ...may, territoryId: 202 }));
    watch(body, viewer({ ...may, scope: { queues: ['q'] } }));
    const { sink } = watch(body, viewer({ permissions: ['metrics:read'] }));
    await clock.pass(0);
    assert.deepEqual(
      rows.asked.map(({ identity: { territoryId, scope } }) => [territoryId, scope]),
      [
        [101, undefined],
        [202, undefined],
        [101, { queues: ['q'] }],
      ],
    );
    const [refused] = sink.frames;
    assert.equal(refused?.event === 'problem' ? refused.problem.code : undefined, 'forbidden');
  });

  it('are refused where looking is recorded, misspelt, or asked of the platform', () => {
    for (const asked of [
      'calls',
      'visits',
      'WAITING',
      { rows: 'waiting', cursor: 'x' },
      { rows: 'waiting', limit: 501 },
    ])
      assert.throws(
        () => parseLiveRequest({ ...REQUEST, rows: asked }),
        (error) => error instanceof HttpProblem && error.code === 'invalid_request',
        JSON.stringify(asked),
      );
    assert.throws(() => parseLiveRequest({ ...REQUEST, territory: 'platform', rows: 'waiting' }), HttpProblem);
    assert.throws(() => parseLiveRequest({ bin: '1m', rows: 'waiting' }), HttpProblem);
  });
});

describe('what changed of rows', () => {
  const row = fc.record(
    {
      key: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
      n: fc.option(fc.nat(3)),
      t: fc.constantFrom('x', 'y'),
    },
    { noNullPrototype: true },
  );
  const list = fc.uniqueArray(row, { selector: ({ key }) => key });
  it('makes the next rows of the previous, in their order', () => {
    fc.assert(
      fc.property(list, list, fc.constantFrom('n', '-n', 't', '-t'), (before, after, text) => {
        const order = parseRowOrder(text);
        const reply = (all: DataRow[]): TopicReply => {
          const meta = { ...replyOf([]).meta, rows: { asOf: 0, order: text, hasMore: false } };
          return { ...replyOf([]), rows: sortRows(all, order), meta };
        };
        const [previous, next] = [reply(before), reply(after)];
        const changes = rowChanges(previous, next);
        assert.ok(changes !== undefined);
        assert.deepEqual(applyRowChanges(previous.rows ?? [], changes, order), next.rows);
        assert.deepEqual(rowChanges(next, { ...next, rows: structuredClone(next.rows ?? []) }), {
          add: [],
          change: [],
          remove: [],
        });
      }),
    );
  });

  it('cannot be said where the order is another', () => {
    const meta = (order: string): TopicReply['meta'] => ({
      ...replyOf([]).meta,
      rows: { asOf: 0, order, hasMore: false },
    });
    assert.equal(rowChanges({ ...replyOf([]), meta: meta('n') }, { ...replyOf([]), meta: meta('-n') }), undefined);
  });

  it('is asked by a name that does not change by itself', () => {
    assert.deepEqual(watchedRowsOf('waiting'), { rows: 'waiting' });
    assert.deepEqual(watchedRowsOf({ rows: 'waiting', order: 'wait_ms' }), { rows: 'waiting', order: '-join_ms' });
  });
});
