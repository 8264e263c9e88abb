import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { after, afterEach, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { openStream } from '../live/testing/live-client.ts';
import { startDistributor } from '../testing/fixtures.ts';
import type { TestServer } from '../testing/http-server.ts';
import { startLocalIssuer } from '../testing/local-issuer.ts';
import type { LocalIssuer } from '../testing/local-issuer.ts';

const REGION = fileURLToPath(new URL('./killed-region.ts', import.meta.url));
const QUERY = JSON.stringify({ range: { last: '1h' }, queries: [] });

interface Setting {
  readonly region: ChildProcess;
  readonly distributor: TestServer;
}

describe('a region that is killed', () => {
  let issuer: LocalIssuer;
  let token: string;

  before(async () => {
    issuer = await startLocalIssuer();
    token = await issuer.sign();
  });
  const started: Setting[] = [];
  afterEach(async () => {
    for (const { region, distributor } of started.splice(0)) {
      region.kill('SIGKILL');
      await distributor.close();
    }
  });
  after(() => {
    issuer.close();
  });

  /** A region of its own for each test, since none survives. */
  async function start(): Promise<Setting> {
    const region = fork(REGION, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    const [port] = (await once(region, 'message')) as [number];
    const distributor = await startDistributor(issuer, { 1: `http://127.0.0.1:${String(port)}` });
    const setting = { region, distributor };
    started.push(setting);
    return setting;
  }

  async function kill({ region }: Setting): Promise<void> {
    const exited = once(region, 'exit');
    region.kill('SIGKILL');
    assert.deepEqual(await exited, [null, 'SIGKILL']);
  }

  /** Reads an answer whose region dies as soon as something of it has come. */
  async function readUntilKilled(setting: Setting, method: string, path: string): Promise<string> {
    const body = method === 'POST' ? QUERY : '';
    const outgoing = httpRequest(`${setting.distributor.url}${path}`, {
      method,
      agent: false,
      headers: {
        Authorization: `Bearer ${token}`,
        ...(body === '' ? {} : { 'Content-Type': 'application/json', 'Content-Length': String(body.length) }),
      },
    });
    outgoing.end(body);
    const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
    assert.equal(response.statusCode, 200);
    let text = '';
    let killed: Promise<void> | undefined;
    const broken = new Promise<Error | undefined>((resolve) => {
      response.on('error', resolve).once('end', () => {
        resolve(undefined);
      });
    });
    response.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      killed ??= kill(setting);
    });
    const error = await broken;
    await killed;
    assert.equal(error === undefined ? 'whole' : 'broken', 'broken');
    assert.equal(response.complete, false);
    return text;
  }

  for (const [method, path] of [
    ['POST', '/api/metrics/query'],
    ['POST', '/api/metrics/query?length'],
    ['POST', '/api/rows/query'],
    ['GET', '/api/dashboards'],
    ['GET', '/api/dashboards?length'],
  ] as const)
    it(`in the middle of ${method} ${path} breaks the answer, and never ends it as if it were whole`, async () => {
      const setting = await start();
      const text = await readUntilKilled(setting, method, path);
      assert.match(text, /^\{"data":\[/);
      assert.throws(() => JSON.parse(text) as unknown);
      // Whoever asks again is told plainly, and when to come back.
      const again = await fetch(`${setting.distributor.url}/api/dashboards`, {
        headers: { Authorization: `Bearer ${token}` },
      });
      assert.deepEqual([again.status, ((await again.json()) as { code: string }).code], [503, 'region_unavailable']);
      assert.match(again.headers.get('retry-after') ?? '', /^[1-9]/);
    });

  it('in the middle of a stream breaks it without a goodbye, after whole frames in order', async () => {
    const setting = await start();
    const { frames, response } = await openStream(setting.distributor.url, { token, body: {} });
    await frames.until('delta');
    await frames.until('delta');
    await kill(setting);
    await frames.ended;
    assert.equal(response.complete, false);
    const ids = frames.all.map(({ id }) => id);
    assert.deepEqual(
      ids,
      ids.map((_, index) => `e-${String(index + 1)}-a`),
    );
    assert.ok(frames.all.every(({ event }) => event === 'delta'));
  });
});
