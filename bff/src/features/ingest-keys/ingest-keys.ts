import { createHash, timingSafeEqual } from 'node:crypto';
import { Router } from 'express';
import type { IngestKey, IngestKeyList } from '@lumina/contracts/schemas';
import type { ConfigStore } from '../../config-store/config-store.ts';
import { HttpProblem } from '../../http/problem.ts';

/** The valid keys of the region. */
export interface IngestKeyStore {
  listValid: () => Promise<readonly IngestKey[]>;
}

/** Keys in the configuration store, read under a role that sees nothing else. */
export function createSqlIngestKeyStore(store: ConfigStore): IngestKeyStore {
  return {
    listValid: () =>
      store.withRole('lumina_keys', async (transaction) => {
        const rows = await transaction
          .selectFrom('ingest_keys')
          .innerJoin('territories', 'territories.territory_id', 'ingest_keys.territory_id')
          .select(['ingest_keys.hash', 'ingest_keys.territory_id', 'territories.region_id'])
          .where('ingest_keys.revoked_at', 'is', null)
          .orderBy('ingest_keys.hash')
          .execute();
        return rows.map((row) => ({ hash: row.hash, territoryId: row.territory_id, regionId: row.region_id }));
      }),
  };
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/** `GET /internal/ingest-keys` for the collector of the region; the distributor never proxies it. */
export function createIngestKeysRouter(store: IngestKeyStore, internalToken: string): Router {
  const expected = digest(`Bearer ${internalToken}`);
  const router = Router();
  router.get('/internal/ingest-keys', async (request, response) => {
    // Digests have one length, so the comparison tells nothing by its time.
    if (!timingSafeEqual(digest(request.headers.authorization ?? ''), expected)) {
      throw new HttpProblem('unauthenticated', 'This endpoint needs the internal token.');
    }
    const list: IngestKeyList = { keys: [...(await store.listValid())] };
    response.set('Cache-Control', 'no-store').json(list);
  });
  return router;
}
