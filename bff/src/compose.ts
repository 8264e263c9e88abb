import { Router, json } from 'express';
import type { Express, RequestHandler } from 'express';
import type { Logger } from 'pino';
import { createApp } from './app.ts';
import { authenticate } from './auth/authenticate.ts';
import { requireRegion } from './auth/require-region.ts';
import { createTokenVerifier } from './auth/token-verifier.ts';
import type { BffConfig, RoleConfig } from './config.ts';
import { openConfigStore } from './config-store/config-store.ts';
import type { ConfigStore } from './config-store/config-store.ts';
import { dashboardRoutes } from './features/dashboards/dashboards.ts';
import { createSqlDashboardStore } from './features/dashboards/sql-dashboard-store.ts';
import { directoryRoutes } from './features/directory/directory.ts';
import { createSqlDirectoryStore } from './features/directory/sql-directory-store.ts';
import { createHealthRouter } from './features/health/health.ts';
import { createIngestKeysRouter, createSqlIngestKeyStore } from './features/ingest-keys/ingest-keys.ts';
import { createOpenApiRouter } from './features/openapi/openapi.ts';
import { createPageRouter } from './features/page/page.ts';
import { sessionRoutes } from './features/session/session.ts';
import { createSqlWidgetTemplateStore, widgetRoutes } from './features/widgets/widgets.ts';
import { refuseOddPaths } from './http/odd-paths.ts';
import { mountRoutes } from './http/route.ts';
import type { Route } from './http/route.ts';
import { createRegionProxy } from './regions/region-proxy.ts';

/** A wired process: its application, and how to let go of what it holds. */
export interface Composition {
  readonly app: Express;
  readonly close: () => Promise<void>;
}

type Distributor = Extract<RoleConfig, { role: 'distributor' }>;
type Regional = Extract<RoleConfig, { role: 'regional' }>;

const MAX_BODY = '256kb';

/** The routes of a regional BFF: what it serves, and what both roles document. */
function apiRoutes(store: ConfigStore): readonly Route[] {
  const directory = createSqlDirectoryStore(store);
  return [
    ...sessionRoutes(directory),
    ...dashboardRoutes(createSqlDashboardStore(store)),
    ...directoryRoutes(directory),
    ...widgetRoutes(createSqlWidgetTemplateStore(store)),
  ];
}

function composeRegional(config: BffConfig, own: Regional, logger: Logger): Composition {
  const store = openConfigStore(own.store);
  const routes = apiRoutes(store);
  const api = Router();
  api.use('/api', authenticate(createTokenVerifier(config.auth)), requireRegion(own.regionId), json({ limit: MAX_BODY, type: 'application/json' }));
  const handlers: RequestHandler[] = [createHealthRouter(() => store.ping()), createOpenApiRouter(routes)];
  if (own.internalToken !== undefined) handlers.push(createIngestKeysRouter(createSqlIngestKeyStore(store), own.internalToken));
  handlers.push(api, mountRoutes(routes));
  const app = createApp({ logger, issuer: config.auth.issuer, corsOrigins: config.corsOrigins, isBehindDistributor: true, handlers });
  return { app, close: () => store.close() };
}

function composeDistributor(config: BffConfig, own: Distributor, logger: Logger): Composition {
  const proxy = createRegionProxy({ urls: own.regionUrls, timeoutMs: own.upstreamTimeoutMs });
  const verify = authenticate(createTokenVerifier(config.auth));
  const api: RequestHandler = (request, response, next) => {
    // The proxy forwards the whole path, so it is not mounted below one.
    if (!/^\/api(\/|$)/.test(request.path)) next();
    else void verify(request, response, (error?: unknown) => (error === undefined ? void proxy.handler(request, response, next) : next(error)));
  };
  const handlers: RequestHandler[] = [createHealthRouter(() => Promise.resolve()), refuseOddPaths, api];
  if (own.staticDir !== undefined) handlers.push(createPageRouter({ directory: own.staticDir, config: own.pageConfig }));
  const app = createApp({ logger, issuer: config.auth.issuer, corsOrigins: config.corsOrigins, isBehindDistributor: false, handlers });
  return {
    app,
    close: () => {
      proxy.close();
      return Promise.resolve();
    },
  };
}

/** The only wiring: turns settings into an application. */
export function compose(config: BffConfig, logger: Logger): Composition {
  return config.own.role === 'regional' ? composeRegional(config, config.own, logger) : composeDistributor(config, config.own, logger);
}
