import { Router } from 'express';
import { HttpProblem } from '../../http/problem.ts';

/** Liveness at `/healthz`, readiness (by asking what the process depends on) at `/readyz`. */
export function createHealthRouter(checkReadiness: () => Promise<void>): Router {
  const router = Router();
  router.get('/healthz', (_request, response) => {
    response.set('Cache-Control', 'no-store').json({ status: 'ok' });
  });
  router.get('/readyz', async (_request, response) => {
    try {
      await checkReadiness();
    } catch (error) {
      throw new HttpProblem('overloaded', 'Not ready: a store does not answer.', {
        cause: error,
        headers: { 'Retry-After': '2' },
      });
    }
    response.set('Cache-Control', 'no-store').json({ status: 'ready' });
  });
  return router;
}
