import { Router } from 'express';
import type { RequestHandler } from 'express';
import type { Logger } from 'pino';
import { createApp } from '../app.ts';
import { authenticate } from '../auth/authenticate.ts';
import { asTheyAre } from '../auth/pseudonyms.ts';
import { documentedUsers } from './access.ts';
import { documentedClientEvents } from './client-events.ts';
import { createDistributedClients, documentedClients } from './clients.ts';
import { alertRoutes } from './alerts.ts';
import { createSettings } from './settings.ts';
import { absent, absentStore, apiRoutes, storesOf } from './stores.ts';
import { createSurface } from './surface.ts';
import type { BffConfig, RoleConfig } from '../config.ts';
import { createHealthRouter } from '../features/health/health.ts';
import { createOpenApiRouter } from '../features/openapi/openapi.ts';
import { createPageRouter } from '../features/page/page.ts';
import { pathWordsOf } from '../http/logged-path.ts';
import { refuseOddPaths } from '../http/odd-paths.ts';
import type { Route } from '../http/route.ts';
import { createRegionProxy } from '../regions/region-proxy.ts';
import { startTracing } from '../telemetry/start-tracing.ts';
import type { Composition } from './composition.ts';
import { verifierOf } from './verifier.ts';

type Distributor = Extract<RoleConfig, { role: 'distributor' }>;

/** The routes of the regions, of which the distributor serves none itself. */
function documentedRoutes(settings: ReturnType<typeof createSettings>['routes']): readonly Route[] {
  const absentStores = storesOf(absentStore());
  return [
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
}

/** Wires a distributor. */
export function composeDistributor(config: BffConfig, own: Distributor, logger: Logger): Composition {
  const tracing = startTracing(config, logger);
  const surface = createSurface(config);
  const { routes: settings } = createSettings(config, storesOf(absentStore()).settings);
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
  const routes = documentedRoutes(settings);
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
