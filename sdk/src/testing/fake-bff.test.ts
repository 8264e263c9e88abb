import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MetricReplySchema, SessionSchema } from '@lumina/contracts/schemas';
import Schema from 'typebox/value';
import { FakeBff } from './fake-bff.ts';

const INIT = {
  method: 'POST',
  body: JSON.stringify({
    range: { last: '1h' },
    bin: '1m',
    queries: [{ ref: 'A', metrics: ['call_count'], groupBy: ['direction'] }],
  }),
};

test('the fake answers in the shapes of the contract', async () => {
  for (const scenario of ['live', 'empty', 'late', 'stale', 'refused'] as const) {
    const bff = new FakeBff({ scenario });
    const reply = await bff.fetch('http://api.example/api/metrics/query', INIT);
    assert.deepEqual([...Schema.Errors(MetricReplySchema, JSON.parse(await reply.text()))], [], scenario);
  }
  const session = await new FakeBff().fetch('http://api.example/api/session');
  assert.deepEqual([...Schema.Errors(SessionSchema, JSON.parse(await session.text()))], []);
});
