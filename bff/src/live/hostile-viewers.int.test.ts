import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { it } from 'node:test';
import express, { json } from 'express';
import type { RequestHandler } from 'express';
import { startServer } from '../testing/http-server.ts';
import { createLiveFeature } from './index.ts';
import { FakeMetrics } from './testing/fake-metrics.ts';
import { openStream } from './testing/live-client.ts';
import { REQUEST, viewer } from './testing/live-identity.ts';

const MAX_STREAMS = 20;

/** Checks a token for longer than an impatient viewer waits. */
const slowIdentity: RequestHandler = (request, response, next) => {
  request.identity = viewer();
  if (request.get('x-impatient') === undefined) next();
  else
    response.once('close', () => {
      next();
    });
};

it('a viewer who left before the answer began leaves no stream behind', async (context) => {
  const live = createLiveFeature({ service: new FakeMetrics(), regionId: 1, onFailure: () => undefined });
  const server = await startServer(express().use(json(), slowIdentity).use('/api/live', live.router));
  context.after(async () => {
    live.drain();
    await server.close();
  });
  const body = JSON.stringify(REQUEST);
  const head = `POST /api/live HTTP/1.1\r\nHost: x\r\nX-Impatient: 1\r\nContent-Type: application/json\r\n`;
  for (let count = 0; count < MAX_STREAMS; count += 1) {
    const socket = connect(server.port, '127.0.0.1');
    const asked = once(server.server, 'request');
    socket.write(`${head}Content-Length: ${String(body.length)}\r\n\r\n${body}`);
    const [, response] = (await asked) as [unknown, NodeJS.EventEmitter];
    const gone = once(response, 'close');
    socket.destroy();
    await gone;
  }
  const { response, leave } = await openStream(server.url, { token: 'any', body: REQUEST });
  assert.equal(response.statusCode, 200);
  leave();
});
