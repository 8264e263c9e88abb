import { Router, json } from 'express';
import { pino } from 'pino';
import { CLAIM_NAMESPACE } from '@lumina/contracts';
import type { RegionId } from '@lumina/contracts';
import { createApp } from '../../app.ts';
import { authenticate } from '../../auth/authenticate.ts';
import { requireRegion } from '../../auth/require-region.ts';
import { createTokenVerifier } from '../../auth/token-verifier.ts';
import { peopleIssuer } from '../../auth/trusted-issuer.ts';
import { createHttpServer } from '../../http/create-server.ts';
import { authOf } from '../../testing/fixtures.ts';
import { listenLocally } from '../../testing/http-server.ts';
import type { TestServer } from '../../testing/http-server.ts';
import type { LocalIssuer } from '../../testing/local-issuer.ts';
import type { Clock } from '../clock.ts';
import { createLiveFeature } from '../index.ts';
import type { LiveFeature } from '../index.ts';
import { FakeMetrics } from './fake-metrics.ts';

/** A region whose live connections are real and whose metrics are a test's. */
export interface LiveRegion extends TestServer {
  readonly metrics: FakeMetrics;
  readonly live: LiveFeature;
}

/** Serves `/api/live` of a region as the composed process does, without its stores. */
export async function startLiveRegion(
  issuer: LocalIssuer,
  regionId: RegionId,
  clock?: Clock,
  port?: number,
): Promise<LiveRegion> {
  const metrics = new FakeMetrics(clock?.now);
  const live = createLiveFeature({
    service: metrics,
    regionId,
    onFailure: () => undefined,
    ...(clock === undefined ? {} : { clock }),
  });
  const api = Router().use(
    '/api',
    authenticate(createTokenVerifier({ issuers: [peopleIssuer(authOf(issuer))], claimNamespace: CLAIM_NAMESPACE })),
    requireRegion(regionId),
    json({ limit: '256kb' }),
  );
  const app = createApp({
    logger: pino({ level: 'silent' }),
    issuer: issuer.issuer,
    corsOrigins: [],
    isBehindDistributor: true,
    handlers: [api, Router().use('/api/live', live.router)],
  });
  const server = await listenLocally(createHttpServer({ app, upgrade: live.upgrade }), port);
  return {
    ...server,
    metrics,
    live,
    close: async () => {
      live.drain();
      await server.close();
    },
  };
}
