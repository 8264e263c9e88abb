import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { LOOPBACK } from './ports.ts';
import type { LocalRegionId } from './ports.ts';
import { hashOfKey } from './seeds/ingest-keys.ts';
import type { IngestKeys } from './seeds/ingest-keys.ts';

/**
 * Answers the collector's question for ingest keys where no BFF runs, as in checks of ingestion alone.
 */
export function startKeyServer(
  port: number,
  regionId: LocalRegionId,
  keys: IngestKeys,
  internalToken: string,
): Promise<Server> {
  const answer = JSON.stringify({
    keys: Object.entries(keys).map(([territoryId, key]) => ({
      hash: hashOfKey(key),
      territoryId: Number(territoryId),
      regionId,
    })),
  });
  const server = createServer((request, response) => {
    const isAllowed = request.headers.authorization === `Bearer ${internalToken}`;
    response.writeHead(isAllowed ? 200 : 401, { 'content-type': 'application/json' });
    response.end(isAllowed ? answer : '{}');
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, LOOPBACK, () => {
      resolve(server);
    });
  });
}
