import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DashboardSchema } from '@lumina/contracts/schemas';
import fc from 'fast-check';
import Schema from 'typebox/value';
import { FakeBff } from '../testing/fake-bff.ts';
import { FAKE_DASHBOARDS } from '../testing/fake-bff-dashboards.ts';
import { parseDashboard, parseDashboards } from './dashboards.ts';
import { LuminaClient } from './lumina-client.ts';
import { LuminaError } from './lumina-error.ts';

test('lists dashboards and loads one', async () => {
  const client = new LuminaClient({ baseUrl: 'http://api.example', getToken: () => 't', fetch: new FakeBff().fetch });
  const list = await client.dashboards();
  assert.deepEqual(
    list.map(({ id, title, version }) => [id, title, version]),
    FAKE_DASHBOARDS.map(({ id, title, version }) => [id, title, version]),
  );
  const board = await client.dashboard('queues');
  assert.deepEqual(board, FAKE_DASHBOARDS[1]);
  await assert.rejects(
    client.dashboard('of another/territory'),
    (error) => error instanceof LuminaError && error.code === 'NOT_FOUND',
  );
  client.destroy();
});

const STORED = { id: 'd1', title: 'Board', version: 2, updatedAt: '2026-01-01T00:00:00Z', updatedBy: 'u' };
const WIDGET = { id: 'w1', kind: 'stat', query: { ref: 'A', metrics: ['call_count'] }, x: 0, y: 0, w: 3, h: 2 };

test('a dashboard of an old version is brought to this one', () => {
  const { body } = parseDashboard({ ...STORED, body: { title: 'Old', widgets: [WIDGET] } });
  assert.deepEqual(body, { schemaVersion: 1, title: 'Old', widgets: [WIDGET] });
});

test('one of a newer release is refused with what to do', () => {
  assert.throws(
    () => parseDashboard({ ...STORED, body: { schemaVersion: 99 } }),
    (error) =>
      error instanceof LuminaError && error.problem === 'dashboard_unreadable' && /newest/u.test(error.suggestion),
  );
});

test('widgets that cannot be shown are left out, and places that do not fit are made to', () => {
  const { body } = parseDashboard({
    ...STORED,
    body: {
      schemaVersion: 1,
      title: 'B',
      range: { last: '1h' },
      widgets: [
        WIDGET,
        { ...WIDGET, id: 'w2', kind: 'hologram' },
        { ...WIDGET, id: 'w3', query: {} },
        { ...WIDGET, id: 'w4', x: 11, w: 9, h: 0 },
        null,
      ],
    },
  });
  assert.deepEqual(
    body.widgets.map(({ id, x, w, h }) => [id, x, w, h]),
    [
      ['w1', 0, 3, 2],
      ['w4', 11, 1, 1],
    ],
  );
  assert.deepEqual(body.range, { last: '1h' });
});

test('whatever the service answers, a dashboard is a dashboard or an error of the client', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.array(fc.jsonValue()), (body, widgets) => {
      const bodies = [body, { schemaVersion: 1, title: body, widgets }, { ...WIDGET, widgets: body }];
      for (const one of bodies) {
        try {
          const parsed = parseDashboard({ ...STORED, body: one });
          assert.deepEqual([...Schema.Errors(DashboardSchema, parsed.body)], []);
        } catch (error) {
          assert.ok(error instanceof LuminaError, String(error));
        }
      }
      assert.ok(Array.isArray(parseDashboards(body)));
    }),
  );
});
