import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Sender } from './sender.ts';

const ignore = (): void => undefined;
const noWait = (): Promise<void> => Promise.resolve();

type Handler = (lines: string[], request: IncomingMessage, response: ServerResponse) => void;

const servers: Server[] = [];
const listen = async (handler: Handler): Promise<string> => {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      handler(Buffer.concat(chunks).toString().split('\n'), request, response);
    });
  });
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
};

const accept = (response: ServerResponse, count: number): void => {
  response.writeHead(202, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ accepted: count, rejected: 0, items: [] }));
};

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

describe('Sender', () => {
  it('sends again, in order and without loss, until a busy collector takes it', async () => {
    const taken: string[] = [];
    let requests = 0;
    const collectorUrl = await listen((lines, request, response) => {
      requests += 1;
      assert.equal(request.headers.authorization, 'Bearer k1');
      const status = [429, 503, 500, 401][requests - 1];
      if (status !== undefined) {
        response.writeHead(status).end();
        return;
      }
      taken.push(...lines);
      accept(response, lines.length);
    });
    const sender = new Sender({ target: { territoryId: 101, collectorUrl, key: 'k1' }, log: ignore, wait: noWait });
    for (let index = 0; index < 1_200; index += 1) sender.push({ index });
    await sender.flush();
    assert.deepEqual(
      taken,
      Array.from({ length: 1_200 }, (_, index) => JSON.stringify({ index })),
    );
    assert.deepEqual(sender.counts, { accepted: 1_200, rejected: 0, retries: 4 });
  });

  it('outlives a collector that is not there yet', async () => {
    const port = Number(new URL(await listen(ignore)).port);
    const [placeholder] = servers.splice(0);
    placeholder?.close();
    let isUp = false;
    const taken: string[] = [];
    const sender = new Sender({
      target: { territoryId: 101, collectorUrl: `http://127.0.0.1:${String(port)}`, key: 'k1' },
      log: ignore,
      wait: async () => {
        if (isUp) return;
        isUp = true;
        const server = createServer((request, response) => {
          request.on('data', (chunk: Buffer) => taken.push(chunk.toString()));
          request.on('end', () => {
            accept(response, 1);
          });
        });
        servers.push(server);
        server.listen(port, '127.0.0.1');
        await once(server, 'listening');
      },
    });
    sender.push({ a: 1 });
    await sender.flush();
    assert.deepEqual(taken, ['{"a":1}']);
    assert.equal(sender.counts.retries, 1);
  });

  it('halves what is too large and reports what is refused', async () => {
    const sizes: number[] = [];
    const collectorUrl = await listen((lines, _request, response) => {
      sizes.push(lines.length);
      if (lines.length > 3) {
        response.writeHead(413).end();
        return;
      }
      response.writeHead(202, { 'content-type': 'application/json' });
      response.end(
        JSON.stringify({ accepted: lines.length - 1, rejected: 1, items: [{ code: 'territory_mismatch' }] }),
      );
    });
    const messages: unknown[] = [];
    const sender = new Sender({
      target: { territoryId: 101, collectorUrl, key: 'k1' },
      log: (level, _message, fields) => messages.push([level, fields['codes']]),
    });
    for (let index = 0; index < 5; index += 1) sender.push({ index });
    await sender.flush();
    assert.deepEqual(sizes, [5, 3, 2]);
    assert.deepEqual(sender.counts, { accepted: 3, rejected: 2, retries: 0 });
    assert.deepEqual(messages, [
      ['error', ['territory_mismatch']],
      ['error', ['territory_mismatch']],
    ]);
  });
});

describe('simulator process', () => {
  const cli = fileURLToPath(new URL('../cli.ts', import.meta.url));

  it('sends at once and ends when its parent is gone', async () => {
    const received = Promise.withResolvers<string[]>();
    const collectorUrl = await listen((lines, _request, response) => {
      accept(response, lines.length);
      received.resolve(lines);
    });
    const child = spawn(process.execPath, [cli], {
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
      env: { ...process.env, SIMULATOR_TARGETS: JSON.stringify([{ territoryId: 101, collectorUrl, key: 'k1' }]) },
    });
    const lines = await received.promise;
    assert.ok(lines.every((line) => typeof JSON.parse(line) === 'object'));
    child.disconnect();
    const [code] = (await once(child, 'exit')) as [number | null];
    assert.equal(code, 0);
  });

  it('names every bad setting and ends with 1', async () => {
    const child = spawn(process.execPath, [cli], {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, SIMULATOR_TARGETS: '[{"territoryId":5}]', SIMULATOR_RATE: 'fast' },
    });
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    const [code] = (await once(child, 'close')) as [number | null];
    assert.equal(code, 1);
    assert.match(stderr, /SIMULATOR_TARGETS\[0\]\.territoryId/);
    assert.match(stderr, /SIMULATOR_RATE/);
  });
});
