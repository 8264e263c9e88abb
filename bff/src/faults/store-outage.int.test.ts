import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { LiveFrame, MetricQueryRequest } from '@lumina/contracts';
import { codeOf, send } from '../testing/raw-http.ts';
import type { RawReply } from '../testing/raw-http.ts';
import type { TopicReply } from '../live/watched-rows.ts';
import { Board } from './testing/board.ts';
import type { BffProcess } from './testing/bff-process.ts';
import { CALLS, Caller, askCalls, callsIn } from './testing/calls.ts';
import { watchCalls } from './testing/faulty-store.ts';
import type { WatchedCalls } from './testing/faulty-store.ts';
import { prepareSurroundings } from './testing/service.ts';
import type { Surroundings } from './testing/service.ts';

const BOARDS = 20;
const VIEWERS_OF_EACH = 10;
/** What is asked for in the moments after an outage, of each statement. */
const MOST_OF_EACH = 3;
const RECOVERY_MS = 5_000;
const OUTAGE_MS = 2_000;
const QUERY_TIMEOUT_MS = '3000';
/** Longer than a query may take; the store ends only after it. */
const LONG_MS = 8_000;

/** Twenty questions that have nothing in common but the store. */
const QUESTIONS: readonly MetricQueryRequest[] = Array.from({ length: BOARDS }, (_, index) => ({
  range: { last: `${String(30 + index)}m` },
  queries: [{ ref: 'A', metrics: ['call_count'] }],
}));

describe('a region whose store fails', () => {
  let around: Surroundings;
  let calls: WatchedCalls;
  let region: BffProcess;
  let caller: Caller;
  let token: string;

  before(async () => {
    around = await prepareSurroundings();
    calls = await watchCalls(around.store.url);
    region = await around.startRegion(0, { TIMESTREAM_ENDPOINT: calls.url, QUERY_TIMEOUT_MS });
    caller = new Caller(around.store);
    token = await around.issuer.sign();
    // Those who ask within some seconds share an instant, which these lie before.
    await caller.call(30, 60_000);
  });
  afterEach(mend);
  after(async () => {
    await caller.stop();
    await around.close();
    await calls.close();
  });

  function mend(): void {
    around.store.setFaults({ faults: [], visibilityLagMs: 0 });
    calls.setPages(undefined);
  }

  /** As a client does: comes back when it was told to. */
  async function askAgain(range: string): Promise<RawReply> {
    for (;;) {
      const reply = await ask(range);
      if (reply.status !== 503) return reply;
      await delay(Number(reply.headers['retry-after']) * 1_000);
    }
  }

  const ask = (range: string): Promise<RawReply> =>
    send(region.url, {
      method: 'POST',
      path: '/api/metrics/query',
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({ ...CALLS, range: { last: range } }),
    });

  it('by pages that are slow, small, and empty at first, is exact', async () => {
    calls.setPages({ rows: 1, delayMs: 5 });
    const before = calls.calls();
    assert.equal(callsIn(await askCalls(region.url, token)), caller.written);
    assert.ok(calls.calls() - before > calls.statements.length, 'several pages were read');
  });

  for (const [kind, range] of [
    ['error', '2h'],
    ['throttle', '3h'],
  ] as const)
    it(`by "${kind}" for as long as it lasts says so plainly, and is exact again`, async () => {
      around.store.setFaults({ faults: [{ operation: 'Query', kind }], visibilityLagMs: 0 });
      const failed = await ask(range);
      // The client of the store tries a few times, which may take longer than a query may.
      if (failed.status === 504) assert.equal(codeOf(failed), 'upstream_timeout');
      else {
        assert.deepEqual([failed.status, codeOf(failed)], [503, 'overloaded']);
        assert.match(failed.headers['retry-after'] ?? '', /^[1-9]\d*$/);
      }
      mend();
      const whole = await askAgain(range);
      assert.equal(callsIn(JSON.parse(whole.body) as TopicReply), caller.written);
    });

  it('by answers that never come gives up in time', async () => {
    around.store.setFaults({ faults: [{ operation: 'Query', kind: 'delay', delayMs: LONG_MS }], visibilityLagMs: 0 });
    const late = await ask('4h');
    assert.deepEqual([late.status, codeOf(late)], [504, 'upstream_timeout']);
    mend();
    assert.equal((await askAgain('4h')).status, 200);
  });

  it('tells 200 viewers how old their boards are, and comes back without a stampede', async (t) => {
    const boards = await Promise.all(
      QUESTIONS.flatMap((question, index) =>
        Array.from({ length: VIEWERS_OF_EACH }, async (_, viewer) => {
          const sub = `viewer ${String(index)} ${String(viewer)}`;
          return new Board(await around.issuer.sign({ sub }), question);
        }),
      ),
    );
    t.after(() => {
      for (const board of boards) board.leave();
    });
    caller.start(250);
    await Promise.all(boards.map((board) => board.open(region.url)));
    await Promise.all(boards.map((board) => board.until(({ event }) => event === 'delta')));
    around.store.setFaults({ faults: [{ operation: 'Query', kind: 'throttle' }], visibilityLagMs: 0 });
    const stale = await Promise.all(boards.map((board) => board.until(({ event }) => event === 'stale')));
    await delay(OUTAGE_MS);
    for (const [index, frame] of stale.entries()) assert.equal(sinceOf(frame), boards[index]?.held?.meta.watermark);
    calls.statements.length = 0;
    around.store.setFaults({ faults: [], visibilityLagMs: 0 });
    const back = Promise.all(
      boards.map((board, index) => board.until((frame) => hasNewer(frame, sinceOf(stale[index])))),
    );
    await delay(RECOVERY_MS);
    const asked = Map.groupBy(calls.statements.slice(), (statement) => statement);
    await back;
    const most = Math.max(...[...asked.values()].map(({ length }) => length));
    t.diagnostic(JSON.stringify({ statements: asked.size, queries: calls.statements.length, most }));
    assert.ok(most <= MOST_OF_EACH * BOARDS, `${String(most)} of one kind`);
    await caller.stop();
    await Promise.all(boards.map((board) => board.until((_frame, held) => callsIn(held) >= caller.written)));
    for (const { held } of boards) assert.equal(callsIn(held), caller.written);
  });
});

const sinceOf = (frame: LiveFrame | undefined): number | undefined =>
  frame?.event === 'stale' ? frame.since : undefined;

/** Whether a frame tells of something that was not known when the store failed. */
function hasNewer(frame: LiveFrame, sinceMs: number | undefined): boolean {
  return (frame.event === 'delta' || frame.event === 'snapshot') && (frame.meta.watermark ?? 0) > (sinceMs ?? 0);
}
