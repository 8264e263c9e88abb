import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { createInterface } from 'node:readline';
import { it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { openStream } from './live/testing/live-client.ts';
import { embeddedEngine } from './testing/config-engines.ts';
import { startServer } from './testing/http-server.ts';
import { startLocalIssuer } from './testing/local-issuer.ts';
import { send } from './testing/raw-http.ts';

const SERVER = fileURLToPath(new URL('./server.ts', import.meta.url));

interface Started {
  readonly child: ChildProcess;
  readonly url: string;
}

function startProcess(env: Record<string, string>): ChildProcess {
  return fork(SERVER, {
    env: { PATH: process.env['PATH'] ?? '', PORT: '0', LUMINA_ROLE: 'distributor', ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
}

async function startReady(env: Record<string, string>): Promise<Started> {
  const child = startProcess(env);
  assert.ok(child.stdout);
  for await (const line of createInterface({ input: child.stdout })) {
    const entry = JSON.parse(line) as { msg?: string; port?: number };
    if (entry.msg === 'ready') {
      child.stdout.resume();
      return { child, url: `http://127.0.0.1:${String(entry.port)}` };
    }
  }
  throw new Error('The process ended before it was ready.');
}

it('drains on SIGTERM: what is under way is answered, then the process ends well', async () => {
  const issuer = await startLocalIssuer();
  const asked = Promise.withResolvers<ServerResponse>();
  const region = await startServer((request, response) => {
    // The distributor asks by itself for the keys of its regions.
    if (request.url === '/api/x') asked.resolve(response);
    else response.end('{"keys":[]}');
  });
  const { child, url } = await startReady({
    AUTH_ISSUER: issuer.issuer,
    LUMINA_REGION_URLS: JSON.stringify({ 1: region.url }),
  });
  const pending = send(url, { path: '/api/x', headers: { Authorization: `Bearer ${await issuer.sign()}` } });
  const response = await asked.promise;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  const output: string[] = [];
  child.stdout?.on('data', (chunk: Buffer) => output.push(chunk.toString()));
  response.end('{"whole":true}');
  assert.equal((await pending).body, '{"whole":true}');
  assert.deepEqual(await exited, [0, null]);
  await region.close();
  issuer.close();
});

it('ends streams that would never end by themselves, with a goodbye, and does not wait for them', async () => {
  const issuer = await startLocalIssuer();
  const frame = 'id: e-1-a\nevent: delta\ndata: {"event":"delta"}\n\n';
  const region = await startServer((_request, response) => {
    response.setHeader('Content-Type', 'text/event-stream').write(frame);
  });
  const { child, url } = await startReady({
    AUTH_ISSUER: issuer.issuer,
    LUMINA_REGION_URLS: JSON.stringify({ 1: region.url }),
  });
  const stream = await openStream(url, { token: await issuer.sign(), body: {} });
  await stream.frames.until('delta');
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  const bye = await stream.frames.until('bye');
  // Its id is that of the last frame of the region, which can be resumed from as soon as there is a way again.
  assert.deepEqual([bye.id, bye.reason], ['e-1-a', 'shutdown']);
  assert.deepEqual(await exited, [0, null]);
  assert.ok(stream.response.complete);
  await region.close();
  issuer.close();
});

it('ends when whoever started it vanishes', async () => {
  const { child } = await startReady({ AUTH_ISSUER: 'http://127.0.0.1:9/' });
  const exited = once(child, 'exit');
  child.disconnect();
  assert.deepEqual(await exited, [0, null]);
});

it('refuses to start with bad settings, and names each', async () => {
  const child = startProcess({ LUMINA_ROLE: 'regional', PORT: 'x' });
  let text = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  assert.deepEqual(await once(child, 'exit'), [2, null]);
  for (const name of ['AUTH_ISSUER', 'PORT', 'LUMINA_REGION_ID', 'LUMINA_CONFIG_DIR', 'TIMESTREAM_REGION'])
    assert.match(text, new RegExp(name));
});

it('refuses to start on a store that nobody has migrated, and says what to run', async () => {
  const { config, stop } = await embeddedEngine({ isEmpty: true });
  assert.ok(config.kind === 'embedded');
  const child = startProcess({
    LUMINA_ROLE: 'regional',
    LUMINA_REGION_ID: '1',
    LUMINA_CONFIG_DIR: config.directory,
    AUTH_ISSUER: 'http://127.0.0.1:9/',
    TIMESTREAM_REGION: 'eu-west-1',
  });
  let text = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  assert.deepEqual(await once(child, 'exit'), [3, null], text);
  assert.match(text, /older than this release needs; missing: 0001_config, .*Run "bff migrate"/);
  await stop();
});
