import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { it } from 'node:test';
import type { RegionId } from '@lumina/contracts';
import { originCheck } from '../../http/registered-origins.ts';
import { listenLocally } from '../../testing/http-server.ts';
import { createRegionOrigins } from './region-origins.ts';

it('knows the origins of all regions together, and keeps what it knew while one does not answer', async () => {
  const lists = new Map<RegionId, unknown>([
    [1, { origins: [{ origin: 'https://a.example', territoryIds: [101] }] }],
    [
      2,
      {
        origins: [
          { origin: 'https://a.example', territoryIds: [202] },
          { origin: 'https://b.example', territoryIds: [202] },
        ],
      },
    ],
  ]);
  const servers = await Promise.all(
    ([1, 2] as const).map((id) =>
      listenLocally(
        createServer((request, response) => {
          const isAllowed =
            request.headers.authorization === 'Bearer secret' && request.url === '/internal/client-origins';
          response.statusCode = isAllowed && lists.has(id) ? 200 : 503;
          response.end(JSON.stringify(lists.get(id) ?? {}));
        }),
      ),
    ),
  );
  const failures: RegionId[] = [];
  const origins = createRegionOrigins({
    urls: new Map(servers.map(({ url }, index): [RegionId, string] => [(index + 1) as RegionId, url])),
    internalToken: 'secret',
    onFailure: (_error, regionId) => failures.push(regionId),
  });
  await origins.refresh();
  const isAllowed = originCheck(['https://set.example'], origins);
  assert.deepEqual(
    ['https://a.example', 'https://b.example', 'https://set.example', 'https://c.example'].map(isAllowed),
    [true, true, true, false],
  );
  assert.deepEqual(origins.territoriesOf('https://a.example'), new Set([101, 202]));
  // Region 2 is away; region 1 goes on, and lets an origin go.
  lists.delete(2);
  lists.set(1, { origins: [] });
  await origins.refresh();
  await origins.refresh();
  assert.deepEqual(failures, [2]);
  assert.deepEqual(origins.territoriesOf('https://a.example'), new Set([202]));
  // An answer of another shape is no answer.
  lists.set(2, { origins: [{ origin: 1 }] });
  await origins.refresh();
  assert.equal(isAllowed('https://b.example'), true);
  lists.set(2, { origins: [] });
  await origins.refresh();
  assert.equal(isAllowed('https://b.example'), false);
  origins.close();
  for (const server of servers) await server.close();
});
