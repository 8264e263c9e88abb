import { Router, json } from 'express';
import type { RequestHandler } from 'express';
import type { Logger } from 'pino';
import { createApp } from '../app.ts';
import { authenticate } from '../auth/authenticate.ts';
import { asTheyAre, createPseudonyms } from '../auth/pseudonyms.ts';
import { requireRegion } from '../auth/require-region.ts';
import { createAccess } from './access.ts';
import { createClientEvents } from './client-events.ts';
import { createRegionalClients } from './clients.ts';
import { alertRoutes, startAlerts } from './alerts.ts';
import { createMetrics } from './metrics.ts';
import { createSettings } from './settings.ts';
import { apiRoutes, storesOf } from './stores.ts';
import { createSurface } from './surface.ts';
import { openConfigStore } from '../config-store/config-store.ts';
import { assertServable } from '../config-store/servable.ts';
import type { BffConfig, RoleConfig } from '../config.ts';
import { recordActing } from '../features/audit/record-acting.ts';
import { directoryBodies } from '../features/directory/directory-bodies.ts';
import { createHealthRouter } from '../features/health/health.ts';
import { createPrometheusRouter } from '../features/health/prometheus.ts';
import { createIngestKeysRouter } from '../features/ingest-keys/ingest-keys.ts';
import { createSqlIngestKeyStore } from '../features/ingest-keys/sql-ingest-key-store.ts';
import { createOpenApiRouter } from '../features/openapi/openapi.ts';
import { pathWordsOf } from '../http/logged-path.ts';
import { refuseOddText } from '../http/odd-text.ts';
import { mountRoutes } from '../http/route.ts';
import type { Route } from '../http/route.ts';
import { createLiveFeature } from '../live/index.ts';
import type { LiveFeature } from '../live/index.ts';
import { startTracing } from '../telemetry/start-tracing.ts';
import type { Composition } from './composition.ts';
import { followLiveTail } from './live-tail.ts';
import { verifierOf } from './verifier.ts';

type Regional = Extract<RoleConfig, { role: 'regional' }>;

const MAX_BODY = '256kb';

/** What a regional BFF is made of, each part knowing those before it. */
function createParts(config: BffConfig, own: Regional, logger: Logger) {
  const store = openConfigStore(own.store);
  const stores = storesOf(store);
  const tracing = startTracing(config, logger);
  const pseudonyms = own.personalIdSecret === undefined ? asTheyAre : createPseudonyms(own.personalIdSecret);
  const settings = createSettings(config, stores.settings);
  const metrics = createMetrics(own, stores, { logger, tracing, pseudonyms, settings: settings.source });
  const clients = createRegionalClients(config, own, {
    store,
    clients: stores.clients,
    pseudonyms,
    clientAddressOf: settings.routes.clientAddressOf,
    logger,
  });
  const alerts = startAlerts(own, {
    store,
    answers: { query: (...asked) => tracing.detached('evaluate alerts', () => metrics.service.query(...asked)) },
    settings: settings.source,
    registry: metrics.registry,
    logger,
  });
  return {
    store,
    stores,
    tracing,
    pseudonyms,
    settings,
    metrics,
    clients,
    alerts,
    surface: createSurface(config, metrics.registry),
    access: createAccess({ store, stores, pseudonyms, logger, management: own.management }),
    clientEvents: createClientEvents(own, metrics.registry, logger),
  };
}

type Parts = ReturnType<typeof createParts>;

function createLive({ tracing, metrics, alerts, access, settings }: Parts, own: Regional, logger: Logger): LiveFeature {
  return createLiveFeature({
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
}

/** Lets everything that changes reach what is open. */
function connect({ clients, access, settings, alerts }: Parts, live: LiveFeature): void {
  clients.onRevoked((whose) => live.revoke(whose));
  access.onRevoked((whose) => live.revoke(whose));
  access.start();
  clients.start();
  settings.follow(access, live);
  alerts.onNews(live.announce);
}

/** What a request passes before any route sees it: who it is, whether that still holds, from where, how often. */
function guardsOf(parts: Parts, config: BffConfig, own: Regional): RequestHandler[] {
  const { clients, pseudonyms, access, settings, stores, surface } = parts;
  return [
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
  ];
}

function routesOf(parts: Parts, own: Regional): readonly Route[] {
  const { stores, metrics, settings, clients, access, pseudonyms, clientEvents } = parts;
  return [
    ...apiRoutes(stores, metrics.rows, settings.routes, clients.routes, access.routes, pseudonyms),
    ...alertRoutes(stores, metrics.service, own),
    ...clientEvents.routes,
  ];
}

function handlersOf(
  parts: Parts,
  config: BffConfig,
  own: Regional,
  { routes, live }: { readonly routes: readonly Route[]; readonly live: LiveFeature },
): RequestHandler[] {
  const { store, metrics, clients } = parts;
  const keys =
    own.internalToken === undefined ? [] : [createIngestKeysRouter(createSqlIngestKeyStore(store), own.internalToken)];
  return [
    createHealthRouter(() => store.ping()),
    createPrometheusRouter(metrics.registry),
    createOpenApiRouter(routes),
    ...clients.handlers,
    ...keys,
    Router().use('/api', ...guardsOf(parts, config, own)),
    mountRoutes(routes),
    Router().use('/api/metrics', metrics.router).use('/api/live', live.router),
  ];
}

/** Wires a regional BFF. */
export function composeRegional(config: BffConfig, own: Regional, logger: Logger): Composition {
  const parts = createParts(config, own, logger);
  const { store, tracing, metrics, surface, clients, access, alerts, clientEvents } = parts;
  const live = createLive(parts, own, logger);
  connect(parts, live);
  const routes = routesOf(parts, own);
  const tail = followLiveTail(own, store, [metrics.follower, live.follower, alerts.follower], logger);
  const app = createApp({
    logger,
    ...surface.parts,
    pathWords: pathWordsOf(routes),
    registeredOrigins: clients.origins,
    isBehindDistributor: true,
    traces: { tracing, source: 'distributor' },
    handlers: handlersOf(parts, config, own, { routes, live }),
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
