import assert from 'node:assert/strict';
import { test } from 'node:test';
import { actingFetch, asHeaderText, loadActing, saveActing } from './acting-territory.ts';

const ACTING = { territoryId: 101, regionId: 1, reason: 'ticket 7' };

function storage(): {
  getItem: (key: string) => string | null;
  setItem: (key: string, value: string) => void;
  removeItem: (key: string) => void;
} {
  const items = new Map<string, string>();
  return {
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => items.set(key, value),
    removeItem: (key) => items.delete(key),
  };
}

test('a reload remembers it, ending it forgets it', () => {
  const store = storage();
  saveActing(store, ACTING);
  assert.deepEqual(loadActing(store), ACTING);
  saveActing(store, undefined);
  assert.equal(loadActing(store), undefined);
});

test('what is no territory is none', () => {
  for (const text of [
    '',
    '{',
    '[]',
    '{"territoryId":"101","regionId":1,"reason":"x"}',
    '{"territoryId":1,"regionId":1,"reason":""}',
  ]) {
    assert.equal(loadActing({ getItem: () => text }), undefined, text);
  }
});

test('only requests to the API name the territory, and keep their own headers', async () => {
  const sent: { url: string; headers: Headers }[] = [];
  const inner: typeof fetch = async (input, init) => {
    sent.push({ url: input instanceof Request ? input.url : input.toString(), headers: new Headers(init?.headers) });
    return new Response('{}');
  };
  const acting = actingFetch(inner, 'https://api.example/', { ...ACTING, reason: 'Prüfung' });
  await acting('https://api.example/api/session', { headers: { authorization: 'Bearer t' } });
  await acting('/api/dashboards');
  await acting('https://idp.example/oauth/token');
  assert.deepEqual(
    sent.map(({ headers }) => [headers.get('x-territory-id'), headers.get('x-region-id'), headers.get('x-reason')]),
    [
      ['101', '1', 'Prufung'],
      ['101', '1', 'Prufung'],
      [null, null, null],
    ],
  );
  assert.equal(sent[0]?.headers.get('authorization'), 'Bearer t');
});

test('a reason that no header can carry is seen to be empty', () => {
  assert.equal(asHeaderText('理由'), '');
  assert.equal(asHeaderText(' Störung 4711\n'), 'Storung 4711');
});
