import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MetricQueryRequest } from '@lumina/contracts';
import { FakeBff } from '../testing/fake-bff.ts';
import { LuminaClient } from './lumina-client.ts';
import { WatchedBoards } from './watched-boards.ts';

test('knows the only board that is watched for', () => {
  const boards = new WatchedBoards();
  assert.equal(boards.only, undefined);
  boards.count(undefined, 1);
  boards.count('a', 1);
  boards.count('a', 1);
  assert.equal(boards.only, 'a');
  boards.count('b', 1);
  assert.equal(boards.only, undefined);
  boards.count('a', -1);
  boards.count('b', -1);
  assert.equal(boards.only, 'a');
  boards.count('a', -1);
  assert.equal(boards.only, undefined);
});

test('names the board of a query, keeps boards apart, and never sends what is no id', async () => {
  const bff = new FakeBff();
  const sent: (string | null)[] = [];
  const client = new LuminaClient({
    baseUrl: 'http://api.example',
    getToken: () => 't',
    fetch: (input, init) => {
      sent.push(new Headers(init?.headers).get('x-lumina-dashboard'));
      return bff.fetch(input, init);
    },
  });
  const request = (metric: string): MetricQueryRequest => ({
    range: { last: '1h' },
    queries: [{ ref: 'A', metrics: [metric] }],
  });
  await Promise.all([
    client.query(request('call_count'), 'floor'),
    client.query(request('queue_depth'), 'floor'),
    client.query(request('call_count'), 'other'),
    client.query(request('call_count')),
    client.query(request('call_count'), 'no id\r\n'),
  ]);
  assert.deepEqual(sent, ['floor', 'other', null, null]);
  client.destroy();
});
