import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { it } from 'node:test';
import express, { json } from 'express';
import { Registry } from 'prom-client';
import type { Identity } from '../../auth/identity.ts';
import { problemHandler } from '../../http/problem-handler.ts';
import { mountRoutes } from '../../http/route.ts';
import { listenLocally } from '../../testing/http-server.ts';
import { send } from '../../testing/raw-http.ts';
import { pino } from 'pino';
import { clientEventRoutes, createClientReports } from './client-events.ts';
import { createKinesisPlatformEvents } from './kinesis-platform-events.ts';

const identity: Identity = {
  sub: 'auth0|viewer',
  kind: 'user',
  territoryId: 101,
  regionId: 2,
  roles: ['viewer'],
  permissions: [],
  expiresAtSeconds: 0,
  issuedAtSeconds: 0,
};

interface PutRecords {
  readonly StreamName: string;
  readonly Records: readonly { readonly Data: string }[];
}

it('counts what pages report, and puts each as an action of the platform on the stream: never who did it, nor where', async () => {
  process.env['AWS_ACCESS_KEY_ID'] ??= 'local';
  process.env['AWS_SECRET_ACCESS_KEY'] ??= 'local';
  const put = Promise.withResolvers<PutRecords>();
  const kinesis = await listenLocally(
    createServer((request, response) => {
      let text = '';
      request.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      request.on('end', () => {
        put.resolve(JSON.parse(text) as PutRecords);
        response.setHeader('Content-Type', 'application/x-amz-json-1.1');
        response.end('{"FailedRecordCount":0,"Records":[]}');
      });
    }),
  );
  const registry = new Registry();
  const events = createKinesisPlatformEvents({
    region: 'us-east-1',
    endpoint: kinesis.url,
    stream: 'lumina-events',
    regionId: 2,
  });
  const app = express()
    .use(json(), (request, _response, next) => {
      request.identity = identity;
      next();
    })
    .use(
      mountRoutes(clientEventRoutes({ reports: createClientReports(registry), events, onFailure: put.reject })),
      problemHandler(pino({ level: 'silent' })),
    );
  const server = await listenLocally(createServer(app));
  const report = (body: unknown): ReturnType<typeof send> =>
    send(server.url, {
      method: 'POST',
      path: '/api/client-events',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
  const widgetError = { type: 'widget_error', code: 'TIMEOUT', kind: 'stat' };
  const good = {
    sdkVersion: '1.2.3',
    events: [{ type: 'dashboard_viewed' }, widgetError, { type: 'render_time', ms: 420 }],
  };
  for (const bad of [
    { ...good, user: 'Amelia Ward' },
    { ...good, events: [{ type: 'dashboard_viewed', title: 'Sales' }] },
    { ...good, events: [{ ...widgetError, code: 'amelia_ward' }] },
    { ...good, events: Array.from({ length: 51 }, () => ({ type: 'dashboard_viewed' })) },
    { ...good, sdkVersion: 'amelia@example.com' },
  ])
    assert.equal((await report(bad)).status, 422, JSON.stringify(bad).slice(0, 80));
  assert.equal((await report(good)).status, 204);
  const { StreamName, Records } = await put.promise;
  assert.equal(StreamName, 'lumina-events');
  const lines = Records.map(({ Data }) => Buffer.from(Data, 'base64').toString('utf8').split('\n'));
  assert.deepEqual(
    lines.map(([, event]) => (JSON.parse(event ?? '') as { action: string }).action),
    ['dashboard_viewed', 'widget_error', 'render_time'],
  );
  for (const [head = '', event = ''] of lines) {
    const { receivedMs: _receivedMs, ...rest } = JSON.parse(head) as Record<string, unknown>;
    assert.deepEqual(rest, { lumina: 1, territoryId: 0, regionId: 2, body: 'events' });
    const fields = JSON.parse(event) as Record<string, unknown>;
    assert.deepEqual(Object.keys(fields), ['v', 'id', 'type', 'source', 'time', 'territoryId', 'regionId', 'action']);
    assert.deepEqual([fields['type'], fields['source'], fields['territoryId']], ['USER_ACTION', 'platform', 0]);
  }
  const metrics = await registry.metrics();
  assert.match(metrics, /lumina_client_widget_errors_total\{code="TIMEOUT",kind="stat"\} 1/);
  assert.match(metrics, /lumina_client_render_seconds_bucket\{le="0.5"\} 1/);
  events.close();
  await server.close();
  await kinesis.close();
});
