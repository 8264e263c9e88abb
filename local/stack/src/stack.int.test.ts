import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { findFreePortBase, portsOf } from './ports.ts';
import type { LocalRegionId, StackPorts } from './ports.ts';
import { dataFolderAt } from './data-folder.ts';
import { readIngestKeys } from './seeds/ingest-keys.ts';
import { urlOf } from './services.ts';
import { ApiClient } from './testing/api-client.ts';
import { startByCommand } from './testing/npm-start.ts';
import type { CommandedStack } from './testing/npm-start.ts';
import { rawCall } from './testing/raw-call.ts';
import { until, untilGone } from './testing/until.ts';

const UK = 'viewer@uk.example';
const US = 'viewer@us.example';
const VISIBLE_WITHIN_MS = 5000;

interface Problem {
  readonly code: string;
  readonly status: number;
}

describe('the local stack, started by npm', { timeout: 240_000 }, () => {
  let dataDir: string;
  let ports: StackPorts;
  let portBase: number;
  let api: ApiClient;
  let stack: CommandedStack;

  const post = async (regionId: LocalRegionId, territoryId: number, events: readonly unknown[]): Promise<Response> => {
    const keys = readIngestKeys(dataFolderAt(dataDir).region(regionId));
    return fetch(urlOf(ports.regions[regionId].collector, '/v1/events'), {
      method: 'POST',
      headers: {
        authorization: `Bearer ${keys?.[String(territoryId)] ?? ''}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify(events),
    });
  };

  const callOf = (id: string, territoryId: number, durationMs: number) =>
    rawCall({
      id,
      territoryId,
      regionId: territoryId === 101 ? 1 : 2,
      startMs: Date.now() - 600_000,
      durationMs,
    });

  /** Waits for a number of calls, and says how long the calls were. */
  const callsOf = (email: string, count: number): Promise<number | null | undefined> =>
    until(`${String(count)} calls for ${email}`, VISIBLE_WITHIN_MS, async () => {
      const [calls, duration] = await api.values(email, 'call_count', 'call_duration');
      assert.ok((calls ?? 0) <= count, `more calls than were posted: ${String(calls)}`);
      return calls === count ? (duration ?? null) : undefined;
    });

  const problemOf = async (reply: Promise<Response>): Promise<Problem> => {
    const answer = await reply;
    const body = (await answer.json()) as Problem;
    assert.equal(answer.status, body.status);
    return { code: body.code, status: answer.status };
  };

  before(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'lumina-stack-'));
    portBase = await findFreePortBase();
    ports = portsOf(portBase);
    api = new ApiClient(ports);
    stack = await startByCommand('npm', ['start', '--', '--no-simulator'], portBase, dataDir);
  });

  after(async () => {
    stack.process.kill('SIGTERM');
    await stack.ended;
    await rm(dataDir, { recursive: true });
  });

  test('a raw call counts once, with its duration, however often it is posted', async () => {
    const call = callOf('call-a', 101, 90_500);
    const taken = await post(1, 101, call);
    assert.equal(taken.status, 202, await taken.clone().text());
    assert.equal(await callsOf(UK, 1), 90.5);

    const again = await post(1, 101, call);
    assert.equal(again.status, 202);
    // Later calls, enough to lie in every shard: once they are all counted, the repeated one has been read as well.
    const later = Array.from({ length: 12 }, (_, index) => callOf(`call-later-${String(index)}`, 101, 90_500));
    assert.equal((await post(1, 101, later.flat())).status, 202);
    assert.equal(await callsOf(UK, 13), 90.5);
  });

  test('each region answers for its own territory alone', async () => {
    const [before] = await api.values(UK, 'call_count');
    assert.equal((await post(2, 202, callOf('call-us', 202, 30_000))).status, 202);
    assert.equal(await callsOf(US, 1), 30);
    assert.deepEqual(await api.values(UK, 'call_count'), [before]);
    const session = (await (await api.request(US, '/api/session')).json()) as { region: { id: number } };
    assert.equal(session.region.id, 2);
  });

  test('a key writes for its own territory alone', async () => {
    const keys = readIngestKeys(dataFolderAt(dataDir).region(1));
    assert.ok(keys?.['101'] !== undefined);
    const foreign = await post(1, 101, callOf('call-foreign', 202, 1000));
    assert.equal(foreign.status, 422);
    const { items } = (await foreign.json()) as { items: { code: string }[] };
    assert.ok(items.every(({ code }) => code === 'territory_mismatch'));
    const unknown = await fetch(urlOf(ports.regions[1].collector, '/v1/events'), { method: 'POST', body: '[]' });
    assert.equal(unknown.status, 401);
  });

  test('who has no business here is told so', async () => {
    const path = '/api/session';
    assert.deepEqual(await problemOf(api.request(undefined, path)), { code: 'unauthenticated', status: 401 });
    assert.deepEqual(await problemOf(api.request(UK, path, { headers: { 'X-Territory-Id': '202' } })), {
      code: 'territory_mismatch',
      status: 403,
    });
    assert.deepEqual(await problemOf(api.request('viewer@nowhere.example', path)), {
      code: 'region_unknown',
      status: 403,
    });
    assert.deepEqual(await problemOf(api.request('viewer@au.example', path)), {
      code: 'region_unavailable',
      status: 503,
    });
    assert.deepEqual(await problemOf(api.request('super@lumina.example', path)), {
      code: 'territory_required',
      status: 400,
    });
  });

  test('spoofed and hop-by-hop headers harm nobody', async () => {
    const spoofed = await api.request(UK, '/api/session', {
      headers: { 'X-Forwarded-For': '10.0.0.1', 'X-Region-Id': '1' },
    });
    assert.equal(spoofed.status, 200);
    assert.equal((await api.request(US, '/api/session')).status, 200);
  });

  test('SIGTERM to npm alone ends everything, and the next start has lost nothing', async () => {
    const pids = stack.pids();
    assert.ok(pids.length >= 12, `expected every piece, got ${String(pids.length)}`);
    process.kill(stack.pid, 'SIGTERM');
    await untilGone([...pids, stack.pid], 10_000);

    const runner = fileURLToPath(new URL('main.ts', import.meta.url));
    stack = await startByCommand(process.execPath, [runner, '--no-simulator'], portBase, dataDir);
    assert.equal(await callsOf(UK, 13), 90.5);
  });

  test('when the runner is killed its children end', async () => {
    const pids = stack.pids();
    process.kill(stack.pid, 'SIGKILL');
    await untilGone([...pids, stack.pid], 5000);
  });
});
