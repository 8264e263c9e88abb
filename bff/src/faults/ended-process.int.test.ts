import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Board } from './testing/board.ts';
import { CALLS, Caller, askCalls, callsIn, shown } from './testing/calls.ts';
import { RequestLoad } from './testing/request-load.ts';
import { prepareSurroundings } from './testing/service.ts';
import type { BffProcess } from './testing/bff-process.ts';
import type { Surroundings } from './testing/service.ts';

const BOARDS = 20;
const ENDS_WITHIN_MS = 10_000;

describe('a process that is told to end under load', () => {
  let around: Surroundings;
  let region: BffProcess;
  let distributor: BffProcess;
  let caller: Caller;
  const underWay: RequestLoad[] = [];

  before(async () => {
    around = await prepareSurroundings();
    region = await around.startRegion();
    distributor = await around.startDistributor(region);
    caller = new Caller(around.store);
    await caller.call(10);
  });
  after(async () => {
    await caller.stop();
    for (const load of underWay) await load.stop();
    await around.close();
  });

  /** Ends one of the two under load and starts it again; whatever was begun must have come to its end. */
  async function giveWay(ending: BffProcess, restart: () => Promise<BffProcess>): Promise<BffProcess> {
    const token = await around.issuer.sign();
    const boards = await Promise.all(
      Array.from(
        { length: BOARDS },
        async (_, index) => new Board(await around.issuer.sign({ sub: `viewer ${String(index)}` }), CALLS),
      ),
    );
    await Promise.all(boards.map((board) => board.open(distributor.url)));
    caller.start(100);
    await Promise.all(boards.map((board) => board.until(({ event }) => event === 'delta')));
    const load = new RequestLoad(distributor.url, token);
    underWay.push(load);
    load.start();
    await load.answers(20);
    const ended = ending.kill('SIGTERM');
    const late = AbortSignal.timeout(ENDS_WITHIN_MS);
    await Promise.all(
      boards.map(async (board) => {
        const bye = await board.until(({ event }) => event === 'bye');
        assert.ok(bye.event === 'bye' && bye.reason === 'shutdown');
        await board.untilEnded();
        assert.ok(board.isWhole);
      }),
    );
    assert.deepEqual(await ended, [0, null]);
    assert.equal(late.aborted, false);
    const cut = ending.log.filter(
      // Streams are looked at above; those of before were left by their viewers.
      ({ msg, isComplete, path }) => msg === 'request' && isComplete !== true && path !== '/api/live',
    );
    assert.deepEqual(cut, [], 'whatever was accepted was answered whole');
    const restarted = await restart();
    await Promise.all(boards.map((board) => board.open(distributor.url)));
    await load.answers(20);
    await load.stop();
    assert.deepEqual(load.odd, []);
    await caller.stop();
    await Promise.all(boards.map((board) => board.until((_frame, held) => callsIn(held) >= caller.written)));
    const fresh = await askCalls(distributor.url, token);
    assert.equal(callsIn(fresh), caller.written);
    for (const board of boards) {
      assert.deepEqual(shown(board.held), shown(fresh));
      board.leave();
    }
    return restarted;
  }

  it('cuts nothing and is gone on from, where it is the region', async () => {
    region = await giveWay(region, () => around.startRegion(region.port));
  });

  it('cuts nothing and is gone on from, where it is the distributor', async () => {
    distributor = await giveWay(distributor, () => around.startDistributor(region, distributor.port));
  });
});
