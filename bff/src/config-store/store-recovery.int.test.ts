import assert from 'node:assert/strict';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, it } from 'node:test';
import type { Worker } from 'node:worker_threads';
import { permissionsOf } from '@lumina/contracts';
import { embeddedEngine, migratedPostgres } from '../testing/config-engines.ts';
import { SEED, startRegional } from '../testing/fixtures.ts';
import type { TestServer } from '../testing/http-server.ts';
import { startLocalIssuer } from '../testing/local-issuer.ts';
import { codeOf, send } from '../testing/raw-http.ts';
import type { RawReply } from '../testing/raw-http.ts';
import type { StoreConfig } from '../config.ts';
import { openConfigStore } from './config-store.ts';
import type { ConfigTransaction } from './config-store.ts';
import { importSeed } from './import-seed.ts';
import { StoreUnavailableError } from './store-errors.ts';

const READERS = 6;
const WRITERS = 3;
const ENOUGH = 12;

/** An engine whose database can fail under the process that uses it. */
interface Fallible {
  readonly config: StoreConfig;
  /** Ends the database, without a word. */
  readonly crash: () => Promise<void>;
  /** Absent where the process starts its database again itself, so soon that hardly anyone notices. */
  readonly comeBack?: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** What became of many requests, as their senders saw it. */
class Tally {
  readonly statuses = new Map<number, number>();
  readonly acknowledged: string[] = [];
  readonly #waiting: (() => void)[] = [];
  #odd: RawReply | undefined;

  count(status: number): number {
    return this.statuses.get(status) ?? 0;
  }

  add(reply: RawReply): void {
    const isClean =
      reply.status === 503 && codeOf(reply) === 'overloaded' && /^\d+$/.test(reply.headers['retry-after'] ?? '');
    if (!isClean && reply.status !== 200 && reply.status !== 201) this.#odd ??= reply;
    this.statuses.set(reply.status, this.count(reply.status) + 1);
    for (const look of this.#waiting.splice(0)) look();
  }

  /** Resolves once the condition holds; it is looked at after every reply. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition() && this.#odd === undefined) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    assert.equal(this.#odd, undefined, `an odd answer: ${JSON.stringify(this.#odd)}`);
  }
}

interface Load {
  readonly tally: Tally;
  readonly probes: Tally;
  readonly end: () => Promise<void>;
}

/** Asks without pause, as readers and as writers, and looks at readiness all the while. */
function load(server: TestServer, token: string): Load {
  const tally = new Tally();
  const probes = new Tally();
  let isOver = false;
  const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
  const repeat = async (once: () => Promise<void>): Promise<void> => {
    while (!isOver) {
      await once();
      await nextTurn();
    }
  };
  const read = async (): Promise<void> => {
    tally.add(await send(server.url, { path: '/api/dashboards', headers }));
  };
  const write = async (): Promise<void> => {
    const body = JSON.stringify({ title: 'Twice', formula: 'call_count * 2', unit: 'count' });
    const reply = await send(server.url, { method: 'POST', path: '/api/metrics/custom', headers, body });
    if (reply.status === 201) tally.acknowledged.push((JSON.parse(reply.body) as { id: string }).id);
    tally.add(reply);
  };
  const probe = async (): Promise<void> => {
    probes.add(await send(server.url, { path: '/readyz' }));
  };
  const workers = [
    ...Array.from({ length: READERS }, () => repeat(read)),
    ...Array.from({ length: WRITERS }, () => repeat(write)),
    repeat(probe),
  ];
  return {
    tally,
    probes,
    end: async () => {
      isOver = true;
      await Promise.all(workers);
    },
  };
}

async function itemsOf(server: TestServer, token: string, path: string): Promise<Record<string, unknown>[]> {
  const items: Record<string, unknown>[] = [];
  let next: string | null | undefined;
  do {
    const cursor = next === undefined || next === null ? '' : `&cursor=${next}`;
    const reply = await send(server.url, { path: path + cursor, headers: { Authorization: `Bearer ${token}` } });
    assert.equal(reply.status, 200, reply.body);
    const page = JSON.parse(reply.body) as { items: Record<string, unknown>[]; next?: string | null };
    items.push(...page.items);
    ({ next } = page);
  } while (next !== undefined && next !== null);
  return items;
}

function survives(name: string, start: () => Promise<Fallible>): void {
  it(`${name}: every answer is whole or a clean 503, the process comes back by itself, no write is lost or doubled`, async (context) => {
    const engine = await start();
    const issuer = await startLocalIssuer();
    const server = await startRegional(issuer, SEED, { config: engine.config });
    const token = await issuer.sign({ sub: 'auth0|admin', roles: ['admin'], permissions: permissionsOf(['admin']) });
    const { tally, probes, end } = load(server, token);
    context.after(async () => {
      await end();
      await server.close();
      issuer.close();
      await engine.stop();
    });

    await tally.until(() => tally.count(200) >= ENOUGH && tally.acknowledged.length >= ENOUGH);
    await probes.until(() => probes.count(200) >= 1);
    await engine.crash();
    if (engine.comeBack !== undefined) {
      await tally.until(() => tally.count(503) >= 1);
      await probes.until(() => probes.count(503) >= 1);
      await engine.comeBack();
    }
    const readBefore = tally.count(200);
    const writtenBefore = tally.acknowledged.length;
    const readyBefore = probes.count(200);
    await tally.until(
      () => tally.count(200) >= readBefore + ENOUGH && tally.acknowledged.length >= writtenBefore + ENOUGH,
    );
    await probes.until(() => probes.count(200) > readyBefore);
    await end();

    // Nothing but 200, 201 and clean 503, to the last one.
    await tally.until(() => true);
    await probes.until(() => true);
    const stored = (await itemsOf(server, token, '/api/metrics/custom?')).map(({ id }) => id);
    for (const id of tally.acknowledged) assert.ok(stored.includes(id), `${id} was acknowledged and is gone`);
    // A write that was not acknowledged may have happened; it then did as a whole: once, and on record.
    const created = await itemsOf(server, token, '/api/audit?action=custom_metric_created&limit=500');
    assert.deepEqual(created.map(({ target }) => (target as { id: string }).id).toSorted(), stored.toSorted());
  });
}

/** The thread of the embedded database that the process started last. */
async function fallibleEmbedded(): Promise<Fallible> {
  const { config, stop } = await embeddedEngine();
  let newest: Worker | undefined;
  const onWorker = (worker: Worker): void => {
    newest = worker;
  };
  process.on('worker', onWorker);
  return {
    config,
    crash: async () => {
      await newest?.terminate();
    },
    stop: async () => {
      process.off('worker', onWorker);
      await stop();
    },
  };
}

it('a transaction never goes on in a new thread, which knows nothing of its role and territory', async (context) => {
  const engine = await fallibleEmbedded();
  const store = openConfigStore(engine.config);
  context.after(async () => {
    await store.close();
    await engine.stop();
  });
  await store.migrate();
  await importSeed(store, SEED);
  const queues = (transaction: ConfigTransaction): Promise<unknown[]> =>
    transaction.selectFrom('queues').select('id').execute();
  const cut = store.withTenant({ territoryId: 102 }, async (transaction) => {
    assert.equal((await queues(transaction)).length, 1);
    await engine.crash();
    return queues(transaction);
  });
  await assert.rejects(cut, StoreUnavailableError);
  assert.equal((await store.withTenant({ territoryId: 102 }, queues)).length, 1);
  assert.deepEqual(await store.withRole('lumina_app', queues), []);
});

describe('a regional BFF whose database fails under load', () => {
  survives('the embedded engine', fallibleEmbedded);
  const startPostgres = migratedPostgres();
  if (startPostgres !== undefined) {
    survives('PostgreSQL', async () => {
      const { config, crash, restart, stop } = await startPostgres();
      return { config, crash, comeBack: restart, stop };
    });
  }
});
