import { rm } from 'node:fs/promises';
import { openConfigStore } from '../../config-store/config-store.ts';
import { importSeed } from '../../config-store/import-seed.ts';
import { LocalStore } from '../../features/metrics/testing/local-store.ts';
import { embeddedEngine } from '../../testing/config-engines.ts';
import { SEED } from '../../testing/fixtures.ts';
import { startLocalIssuer } from '../../testing/local-issuer.ts';
import type { LocalIssuer } from '../../testing/local-issuer.ts';
import { startBff } from './bff-process.ts';
import type { BffProcess } from './bff-process.ts';

/** Nobody is to be slowed down but by what goes wrong. */
const RATE_LIMITS = JSON.stringify(
  Object.fromEntries(
    ['queries', 'reads', 'live'].map((group) => [group, { user: 1_000_000, service: 1_000_000, territory: 1_000_000 }]),
  ),
);

/** All that a region and its distributor need around them, which outlives the processes. */
export interface Surroundings {
  readonly issuer: LocalIssuer;
  readonly store: LocalStore;
  /** Starts the region over its stores, on the port it had before if need be. */
  readonly startRegion: (port?: number, more?: Readonly<Record<string, string>>) => Promise<BffProcess>;
  readonly startDistributor: (region: Pick<BffProcess, 'url'>, port?: number) => Promise<BffProcess>;
  /** Ends every process that still runs, and forgets the data. */
  readonly close: () => Promise<void>;
}

/** A seeded configuration, an empty metric store and an identity provider. */
export async function prepareSurroundings(): Promise<Surroundings> {
  const issuer = await startLocalIssuer();
  const store = await LocalStore.start(Date.now);
  const engine = await embeddedEngine();
  if (engine.config.kind !== 'embedded') throw new TypeError('The embedded store lies in a folder.');
  const { directory } = engine.config;
  const config = openConfigStore(engine.config);
  await config.migrate();
  await importSeed(config, SEED);
  await config.close();
  const running = new Set<BffProcess>();
  const start = async (env: Readonly<Record<string, string>>, port?: number): Promise<BffProcess> => {
    const auth = { AUTH_ISSUER: issuer.issuer, AUTH_JWKS_URL: issuer.jwksUrl };
    const started = await startBff({ ...auth, ...env }, port);
    running.add(started);
    void started.ended.then(() => running.delete(started));
    return started;
  };
  return {
    issuer,
    store,
    startRegion: (port, more = {}) =>
      start(
        {
          LUMINA_ROLE: 'regional',
          LUMINA_REGION_ID: '1',
          LUMINA_CONFIG_DIR: directory,
          TIMESTREAM_REGION: 'eu-west-1',
          TIMESTREAM_ENDPOINT: store.url,
          AWS_ACCESS_KEY_ID: 'local',
          AWS_SECRET_ACCESS_KEY: 'local',
          RATE_LIMITS,
          ...more,
        },
        port,
      ),
    startDistributor: ({ url }, port) =>
      start({ LUMINA_ROLE: 'distributor', LUMINA_REGION_URLS: JSON.stringify({ 1: url }) }, port),
    close: async () => {
      await Promise.all([...running].map(({ kill }) => kill('SIGKILL')));
      await store.close();
      await engine.stop();
      await rm(directory, { recursive: true, force: true });
      issuer.close();
    },
  };
}
