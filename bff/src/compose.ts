import { Router, json } from 'express';
import type { Express, RequestHandler } from 'express';
import type { Logger } from 'pino';
import { createApp } from './app.ts';
import { authenticate } from './auth/authenticate.ts';
import { asTheyAre, createPseudonyms } from './auth/pseudonyms.ts';
import { requireRegion } from './auth/require-region.ts';
import { createTokenVerifier } from './auth/token-verifier.ts';
import type { TokenVerifier } from './auth/token-verifier.ts';
import { peopleIssuer } from './auth/trusted-issuer.ts';
import type { TrustedIssuer } from './auth/trusted-issuer.ts';
import { createAccess, documentedUsers } from './compose/access.ts';
import { createClientEvents, documentedClientEvents } from './compose/client-events.ts';
import { createDistributedClients, createRegionalClients, documentedClients } from './compose/clients.ts';
import { alertRoutes, startAlerts } from './compose/alerts.ts';
import { createMetrics } from './compose/metrics.ts';
import { createSettings } from './compose/settings.ts';
import { absent, absentStore, apiRoutes, storesOf } from './compose/stores.ts';
import { createSurface } from './compose/surface.ts';
import { openConfigStore } from './config-store/config-store.ts';
import type { ConfigStore } from './config-store/config-store.ts';
import { assertServable } from './config-store/servable.ts';
import type { BffConfig, RoleConfig } from './config.ts';
import { recordActing } from './features/audit/record-acting.ts';
import { directoryBodies } from './features/directory/directory-bodies.ts';
import { createDirectoryFeed } from './features/directory/directory-feed.ts';
import { createDirectoryRegistrar } from './features/directory/directory-registrar.ts';
import { createSqlDirectoryFeedStore } from './features/directory/sql-directory-feed.ts';
import { createSqlDirectoryRegister } from './features/directory/sql-directory-register.ts';
import { createHealthRouter } from './features/health/health.ts';
import { createPrometheusRouter } from './features/health/prometheus.ts';
import { createIngestKeysRouter } from './features/ingest-keys/ingest-keys.ts';
import { createSqlIngestKeyStore } from './features/ingest-keys/sql-ingest-key-store.ts';
import { createOpenApiRouter } from './features/openapi/openapi.ts';
import { createPageRouter } from './features/page/page.ts';
import type { Served } from './http/create-server.ts';
import { pathWordsOf } from './http/logged-path.ts';
import { refuseOddPaths } from './http/odd-paths.ts';
import { refuseOddText } from './http/odd-text.ts';
import { mountRoutes } from './http/route.ts';
import { createKinesisTailStream } from './live-tail/kinesis-tail-stream.ts';
import { LiveTail } from './live-tail/live-tail.ts';
import type { TailFollower } from './live-tail/live-tail.ts';
import { createLiveFeature } from './live/index.ts';
import { createRegionProxy } from './regions/region-proxy.ts';
import { startTracing } from './telemetry/start-tracing.ts';

/** A wired process: what it serves, and how to let go of what it holds. */
export interface Composition extends Served {
  readonly app: Express;
  /** To be awaited before listening. Throws `SchemaOutdatedError` where the store is not made for this release. */
  readonly prepare: () => Promise<void>;
  /** Ends what would never end by itself: live connections. Afterwards none opens any more. */
  readonly drain: () => void;
  readonly close: () => Promise<void>;
}

type Distributor = Extract<RoleConfig, { role: 'distributor' }>;
type Regional = Extract<RoleConfig, { role: 'regional' }>;

const MAX_BODY = '256kb';

/** Follows what ingestion stored; without a stream there is nothing to follow. */
function followLiveTail(
  own: Regional,
  store: ConfigStore,
  followers: readonly TailFollower[],
  logger: Logger,
): LiveTail | undefined {
  if (own.liveTail === undefined) return undefined;
  const feed = createSqlDirectoryFeedStore(store);
  const tail = new LiveTail({
    stream: createKinesisTailStream(own.liveTail),
    positions: feed.positions,
    followers: [
      ...followers,
      createDirectoryRegistrar({
        register: createSqlDirectoryRegister(store),
        onFailure: (error) => {
          logger.warn({ err: error }, 'what facts name could not be taken into the directory; trying again');
        },
      }),
      createDirectoryFeed({
        store: feed,
        onRefused: (what, reason) => {
          logger.warn({ what, reason }, 'a change of configuration could not be applied');
        },
      }),
    ],
    onFailure: (error, shardId) => {
      logger.warn({ err: error, shardId }, 'the live tail could not be followed; trying again');
    },
  });
  tail.start();
  return tail;
}

/** Who may issue the tokens that this process believes. */
function verifierOf({ auth }: BffConfig, ours: TrustedIssuer): TokenVerifier {
  return createTokenVerifier({ issuers: [peopleIssuer(auth), ours], claimNamespace: auth.claimNamespace });
}

function composeRegional(config: BffConfig, own: Regional, logger: Logger): Composition {
  const store = openConfigStore(own.store);
  const stores = storesOf(store);
  const tracing = startTracing(config, logger);
  const pseudonyms = own.personalIdSecret === undefined ? asTheyAre : createPseudonyms(own.personalIdSecret);
  const settings = createSettings(config, stores.settings);
  const metrics = createMetrics(own, stores, { logger, tracing, pseudonyms, settings: settings.source });
  const surface = createSurface(config, metrics.registry);
  const clients = createRegionalClients(config, own, {
    store,
    clients: stores.clients,
    pseudonyms,
    clientAddressOf: settings.routes.clientAddressOf,
    logger,
  });
  const access = createAccess({ store, stores, pseudonyms, logger, management: own.management });
  const clientEvents = createClientEvents(own, metrics.registry, logger);
  const routes = [
    ...apiRoutes(stores, metrics.rows, settings.routes, clients.routes, access.routes, pseudonyms),
    ...alertRoutes(stores, metrics.service, own),
    ...clientEvents.routes,
  ];
  const api = Router();
  api.use(
    '/api',
    authenticate(verifierOf(config, clients.issuer), pseudonyms),
    requireRegion(own.regionId),
    access.admit,
    ...clients.admit,
    settings.admit,
    recordActing(stores.audit),
    surface.limitCallers,
    directoryBodies(),
    json({ limit: MAX_BODY, type: 'application/json' }),
    refuseOddText,
  );
  const handlers: RequestHandler[] = [
    createHealthRouter(() => store.ping()),
    createPrometheusRouter(metrics.registry),
    createOpenApiRouter(routes),
    ...clients.handlers,
  ];
  if (own.internalToken !== undefined)
    handlers.push(createIngestKeysRouter(createSqlIngestKeyStore(store), own.internalToken));
  const alerts = startAlerts(own, {
    store,
    answers: { query: (...asked) => tracing.detached('evaluate alerts', () => metrics.service.query(...asked)) },
    settings: settings.source,
    registry: metrics.registry,
    logger,
  });
  const live = createLiveFeature({
    service: {
      query: (...asked) => tracing.detached('evaluate for viewers', () => metrics.service.query(...asked)),
    },
    rows: metrics.rows,
    news: alerts.newsFor,
    regionId: own.regionId,
    isCurrent: access.isCurrent,
    maxStreamsOf: (territoryId) => settings.source.known({ territoryId }).session.maxStreams,
    onFailure: (error) => {
      logger.error({ err: error }, 'a live evaluation failed; its viewers wait for the next');
    },
  });
  clients.onRevoked((whose) => live.revoke(whose));
  access.onRevoked((whose) => live.revoke(whose));
  access.start();
  clients.start();
  settings.follow(access, live);
  alerts.onNews(live.announce);
  const tail = followLiveTail(own, store, [metrics.follower, live.follower, alerts.follower], logger);
  const features = Router().use('/api/metrics', metrics.router).use('/api/live', live.router);
  handlers.push(api, mountRoutes(routes), features);
  const app = createApp({
    logger,
    ...surface.parts,
    pathWords: pathWordsOf(routes),
    registeredOrigins: clients.origins,
    isBehindDistributor: true,
    traces: { tracing, source: 'distributor' },
    handlers,
  });
  const close = async (): Promise<void> => {
    surface.close();
    clientEvents.close();
    await clients.close();
    await access.close();
    await tail?.close();
    await alerts.close();
    await store.close();
    await tracing.close();
  };
  const drain = (): void => {
    live.drain();
    void tracing.flush();
  };
  const prepare = (): Promise<void> =>
    assertServable(store, (warning, err) => {
      logger.warn(err === undefined ? {} : { err }, warning);
    });
  return { app, prepare, upgrade: live.upgrade, drain, close };
}

function composeDistributor(config: BffConfig, own: Distributor, logger: Logger): Composition {
  const tracing = startTracing(config, logger);
  const surface = createSurface(config);
  const absentStores = storesOf(absentStore());
  const { routes: settings } = createSettings(config, absentStores.settings);
  const proxy = createRegionProxy({
    urls: own.regionUrls,
    timeoutMs: own.upstreamTimeoutMs,
    clientAddressOf: settings.clientAddressOf,
    tracesRequests: tracing.isOn,
  });
  const clients = createDistributedClients(config, own, proxy.forwardTo, logger);
  const verify = authenticate(verifierOf(config, clients.issuer));
  const api = Router();
  api.use('/api', verify, ...clients.admit);
  // Not mounted below a path, since the proxy forwards the path as it sees it.
  api.use((request, response, next) => {
    if (request.identity === undefined) next();
    else void proxy.handler(request, response, next);
  });
  const routes = [
    ...apiRoutes(
      absentStores,
      { query: absent },
      settings,
      documentedClients(absentStores.clients),
      documentedUsers(absentStores),
      asTheyAre,
    ),
    ...alertRoutes(absentStores, { query: absent }, {}),
    ...documentedClientEvents(),
  ];
  const handlers: RequestHandler[] = [
    createHealthRouter(() => Promise.resolve()),
    ...clients.handlers,
    createOpenApiRouter(routes),
    refuseOddPaths,
    proxy.prefixed,
    api,
  ];
  if (own.staticDir !== undefined)
    handlers.push(createPageRouter({ directory: own.staticDir, config: own.pageConfig }));
  const app = createApp({
    logger,
    ...surface.parts,
    pathWords: pathWordsOf(routes),
    registeredOrigins: clients.origins,
    isBehindDistributor: false,
    traces: { tracing, source: config.tracing?.trustsLoadBalancer === true ? 'aws-load-balancer' : 'nobody' },
    handlers,
  });
  return {
    app,
    prepare: () => Promise.resolve(),
    upgrade: proxy.upgrade,
    drain: () => {
      proxy.drain();
      void tracing.flush();
    },
    close: () => {
      surface.close();
      proxy.close();
      void clients.close();
      return tracing.close();
    },
  };
}

/** The only wiring: turns settings into an application. */
export function compose(config: BffConfig, logger: Logger): Composition {
  return config.own.role === 'regional'
    ? composeRegional(config, config.own, logger)
    : composeDistributor(config, config.own, logger);
}
