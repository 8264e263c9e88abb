import { exportJWK, generateKeyPair } from 'jose';
import { pino } from 'pino';
import { compose } from '../../compose.ts';
import { openConfigStore } from '../../config-store/config-store.ts';
import type { RoleConfig, StoreConfig } from '../../config.ts';
import { LocalStore } from '../../features/metrics/testing/local-store.ts';
import { createHttpServer } from '../../http/create-server.ts';
import { INTERNAL_TOKEN, authOf } from '../../testing/fixtures.ts';
import { listenLocally, startServer } from '../../testing/http-server.ts';
import { startLocalIssuer } from '../../testing/local-issuer.ts';
import type { LocalIssuer } from '../../testing/local-issuer.ts';
import { markedFacts } from './marked-facts.ts';
import { addMarkedRows, asOwner, bindPoliciesTo, dropPolicies, dumpOf, holdAlerts } from './owner.ts';
import { DISTANT, NEIGHBOUR, OWN, REGION_2_MARK, TERRITORIES } from './territories.ts';
import type { MarkedTerritory } from './territories.ts';

/** What is left of the two guards: both, the statements alone, or policies that are bound to the own territory. */
export type Guards = 'both' | 'statements' | 'bound-policies';

type Dump = Awaited<ReturnType<typeof dumpOf>>;

/** Rows that no attack may change, before and after it. */
export interface Held {
  readonly before: Dump;
  readonly after: Dump;
}

/** What the worlds of one suite share. */
export interface Surroundings {
  readonly issuer: LocalIssuer;
  readonly store: LocalStore;
  readonly close: () => Promise<void>;
}

/** A region, the distributor before it, and what stands for region 2. */
export interface MarkedWorld {
  readonly regional: string;
  readonly distributor: string;
  /** Lines that either process has logged. */
  readonly logs: readonly string[];
  /** Lets go of everything. */
  readonly close: () => Promise<Held>;
}

/** Starts an identity provider and a store of metrics with facts of all territories. */
export async function startSurroundings(): Promise<Surroundings> {
  // The SDK looks for credentials in the environment; the local store takes any.
  process.env['AWS_ACCESS_KEY_ID'] ??= 'local';
  process.env['AWS_SECRET_ACCESS_KEY'] ??= 'local';
  const issuer = await startLocalIssuer();
  const store = await LocalStore.start(Date.now);
  const nowMs = Date.now();
  await store.write(TERRITORIES.flatMap((territory) => markedFacts(territory, nowMs)));
  return {
    issuer,
    store,
    close: async () => {
      issuer.close();
      await store.close();
    },
  };
}

interface Process {
  readonly url: string;
  readonly close: () => Promise<void>;
}

async function startProcess(issuer: LocalIssuer, own: RoleConfig, logs: string[]): Promise<Process> {
  const logger = pino({ level: 'debug' }, { write: (line) => logs.push(line) });
  const composition = compose(
    { host: '127.0.0.1', port: 0, logLevel: 'debug', corsOrigins: ['https://host.example'], auth: authOf(issuer), own },
    logger,
  );
  const server = await listenLocally(createHttpServer(composition));
  return {
    url: server.url,
    close: async () => {
      composition.drain();
      await server.close();
      await composition.close();
    },
  };
}

/** Where policies and statements contradict each other, nothing at all can change. */
function heldTerritories(guards: Guards): readonly MarkedTerritory[] {
  return guards === 'bound-policies' ? TERRITORIES : [NEIGHBOUR, DISTANT];
}

/** Makes the schema, everything that the territories have, and takes a guard away. */
async function prepareStore(config: StoreConfig, guards: Guards): Promise<Dump> {
  const store = openConfigStore(config);
  await store.migrate();
  await store.close();
  return asOwner(config, async (query) => {
    for (const territory of TERRITORIES) await addMarkedRows(query, territory);
    await holdAlerts(query);
    if (guards === 'statements') await dropPolicies(query);
    if (guards === 'bound-policies') await bindPoliciesTo(query, OWN);
    return dumpOf(query, heldTerritories(guards));
  });
}

/** Starts the processes over a configuration store of their own. */
export async function startWorld(
  { issuer, store }: Surroundings,
  config: StoreConfig,
  guards: Guards,
): Promise<MarkedWorld> {
  const before = await prepareStore(config, guards);
  const logs: string[] = [];
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  const regional = await startProcess(
    issuer,
    {
      role: 'regional',
      regionId: 1,
      store: config,
      timestream: { region: 'eu-west-1', endpoint: store.url },
      queries: { maxConcurrent: 12, timeoutMs: 30_000, maxPoints: 1_000_000, usdPerGb: 0.01, budgetUsdPerDay: 0 },
      internalToken: INTERNAL_TOKEN,
      personalIdSecret: 's',
      tokenSigningKeys: [{ ...(await exportJWK(privateKey)), kid: 'r1-attack', alg: 'RS256', use: 'sig' }],
    },
    logs,
  );
  // Tells all it has to whoever gets there: nobody of region 1 may.
  const regionTwo = await startServer((_request, response) => {
    response.setHeader('Content-Type', 'application/json').end(JSON.stringify({ keys: [], items: [REGION_2_MARK] }));
  });
  const distributor = await startProcess(
    issuer,
    {
      role: 'distributor',
      regionUrls: new Map([
        [1, regional.url],
        [2, regionTwo.url],
      ]),
      upstreamTimeoutMs: 30_000,
      pageConfig: {},
    },
    logs,
  );
  return {
    regional: regional.url,
    distributor: distributor.url,
    logs,
    close: async () => {
      await distributor.close();
      await regional.close();
      await regionTwo.close();
      return { before, after: await asOwner(config, (query) => dumpOf(query, heldTerritories(guards))) };
    },
  };
}
