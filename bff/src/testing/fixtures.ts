import { pino } from 'pino';
import { CLAIM_NAMESPACE, LOCAL_AUDIENCE } from '@lumina/contracts';
import type { RegionId } from '@lumina/contracts';
import { compose } from '../compose.ts';
import type { AuthConfig, BffConfig, RoleConfig, StoreConfig } from '../config.ts';
import type { Auth0ManagementConfig } from '../features/users/index.ts';
import type { TracingConfig } from '../telemetry/tracing-config.ts';
import { openConfigStore } from '../config-store/config-store.ts';
import { importSeed } from '../config-store/import-seed.ts';
import type { Seed } from '../config-store/seed.ts';
import { createHttpServer } from '../http/create-server.ts';
import { embeddedEngine } from './config-engines.ts';
import { listenLocally } from './http-server.ts';
import type { TestServer } from './http-server.ts';
import type { LocalIssuer } from './local-issuer.ts';
import { recordingReplies, reportViolations } from './reply-checker.ts';
import type { ReplyDocument, SentReply } from './reply-checker.ts';

/** Silent logs: what a test provokes is asserted, not printed. */
const logger = pino({ level: 'silent' });

/** The token of `/internal` in tests. */
export const INTERNAL_TOKEN = 'internal-secret';

/** All that must be known of an issuer to believe it. */
type PublishedIssuer = Pick<LocalIssuer, 'issuer' | 'jwksUrl'>;

/** How tokens of a test issuer are checked. */
export function authOf(issuer: PublishedIssuer): AuthConfig {
  return { issuer: issuer.issuer, audience: LOCAL_AUDIENCE, jwksUrl: issuer.jwksUrl, claimNamespace: CLAIM_NAMESPACE };
}

async function start(
  issuer: PublishedIssuer,
  own: RoleConfig,
  tracing?: TracingConfig,
  trustedProxies?: readonly string[],
): Promise<TestServer> {
  const config: BffConfig = {
    host: '127.0.0.1',
    port: 0,
    logLevel: 'silent',
    corsOrigins: ['https://host.example'],
    auth: authOf(issuer),
    own,
    ...(tracing === undefined ? {} : { tracing }),
    ...(trustedProxies === undefined ? {} : { trustedProxies }),
  };
  const composition = compose(config, logger);
  const replies: SentReply[] = [];
  const app = recordingReplies(composition.app, replies);
  const server = await listenLocally(createHttpServer({ ...composition, app }));
  return {
    ...server,
    close: async () => {
      // Asked for last, so that a test that counts requests never meets it.
      const document = (await (await fetch(`${server.url}/api/openapi.json`)).json()) as ReplyDocument;
      composition.drain();
      await server.close();
      await composition.close();
      reportViolations(document, replies, { isProxy: own.role === 'distributor' });
    },
  };
}

/** A distributor over some region origins. */
export function startDistributor(
  issuer: LocalIssuer,
  urls: Partial<Record<RegionId, string>>,
  more: {
    readonly timeoutMs?: number;
    readonly staticDir?: string;
    readonly tracing?: TracingConfig;
    readonly trustedProxies?: readonly string[];
  } = {},
): Promise<TestServer> {
  const regionUrls = new Map(
    Object.entries(urls).map(([id, url]): [RegionId, string] => [Number(id) as RegionId, url]),
  );
  const own: RoleConfig = {
    role: 'distributor',
    regionUrls,
    upstreamTimeoutMs: more.timeoutMs ?? 10_000,
    pageConfig: { apiUrl: 'http://127.0.0.1' },
    internalToken: INTERNAL_TOKEN,
    ...(more.staticDir === undefined ? {} : { staticDir: more.staticDir }),
  };
  return start(issuer, own, more.tracing, more.trustedProxies);
}

/** A regional BFF of region 1 over a fresh store with a seed, by default an embedded one. */
export async function startRegional(
  issuer: PublishedIssuer,
  seed: Seed,
  more: {
    readonly storeUrl?: string;
    readonly tracing?: TracingConfig;
    readonly config?: StoreConfig;
    readonly management?: Auth0ManagementConfig;
    readonly trustedProxies?: readonly string[];
  } = {},
): Promise<TestServer> {
  const { config, stop } =
    more.config === undefined ? await embeddedEngine() : { config: more.config, stop: () => Promise.resolve() };
  const store = openConfigStore(config);
  await store.migrate();
  await importSeed(store, seed);
  await store.close();
  const own: RoleConfig = {
    role: 'regional',
    regionId: 1,
    store: config,
    timestream: { region: 'eu-west-1', endpoint: more.storeUrl ?? 'http://127.0.0.1:9' },
    queries: { maxConcurrent: 12, timeoutMs: 30_000, maxPoints: 1_000_000, usdPerGb: 0.01, budgetUsdPerDay: 0 },
    internalToken: INTERNAL_TOKEN,
    personalIdSecret: 's',
    ...(more.management === undefined ? {} : { management: more.management }),
  };
  const regional = await start(issuer, own, more.tracing, more.trustedProxies);
  return {
    ...regional,
    close: async () => {
      await regional.close();
      await stop();
    },
  };
}

/** Two territories of region 1 with the same ids for different things. */
export const SEED: Seed = {
  territories: [
    { id: 101, regionId: 1, name: 'Meridian', timeZone: 'Europe/London' },
    { id: 102, regionId: 1, name: 'Harbour', timeZone: 'Europe/Paris' },
  ],
  queues: [
    { territoryId: 101, id: 'q_sales', name: 'Sales' },
    { territoryId: 101, id: 'q_service', name: '100% service' },
    { territoryId: 102, id: 'q_sales', name: 'Ventes' },
  ],
  teams: [
    { territoryId: 101, id: 't_a', name: 'Team A' },
    { territoryId: 101, id: 't_b', name: 'Team B' },
  ],
  agents: [
    { territoryId: 101, id: 'ag_1', name: 'Amelia Ward', teamId: 't_a', externalId: '0055g' },
    { territoryId: 101, id: 'ag_2', name: 'Ben Osei', teamId: 't_b' },
    { territoryId: 102, id: 'ag_9', name: 'Chloe Martin' },
  ],
  trunks: [{ territoryId: 101, id: 'tr_1', name: 'London one' }],
  queueMembers: [
    { territoryId: 101, queueId: 'q_sales', agentId: 'ag_1' },
    { territoryId: 101, queueId: 'q_service', agentId: 'ag_1' },
    { territoryId: 101, queueId: 'q_service', agentId: 'ag_2' },
  ],
  ingestKeys: [
    { territoryId: 101, hash: 'a'.repeat(64), label: 'one' },
    { territoryId: 102, hash: 'b'.repeat(64), label: 'two' },
  ],
  dashboards: [
    { territoryId: 101, id: 'board', title: 'Ours', body: { schemaVersion: 1, title: 'Ours', widgets: [] } },
    { territoryId: 102, id: 'theirs', title: 'Theirs', body: { schemaVersion: 1, title: 'Theirs', widgets: [] } },
  ],
  widgets: [
    { id: 'w_all', title: 'Calls', body: { kind: 'stat' } },
    { id: 'w_102', territoryId: 102, title: 'Special', body: { kind: 'line' } },
  ],
};
