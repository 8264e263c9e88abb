import { Router } from 'express';
import type { Registry } from 'prom-client';

/** `GET /metrics` for Prometheus. Only the regional role has it: the distributor forwards nothing outside `/api`. */
export function createPrometheusRouter(registry: Registry): Router {
  const router = Router();
  router.get('/metrics', async (_request, response) => {
    response
      .set('Cache-Control', 'no-store')
      .type(registry.contentType)
      .send(await registry.metrics());
  });
  return router;
}
