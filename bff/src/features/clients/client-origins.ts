import { createHash, timingSafeEqual } from 'node:crypto';
import { Router } from 'express';
import type { ClientOriginList } from '@lumina/contracts';
import { HttpProblem } from '../../http/problem.ts';
import type { ClientRegister } from './client-register.ts';

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/** `GET /internal/client-origins` for the distributor, which lets the pages of these origins read its answers. */
export function createClientOriginsRouter(register: Pick<ClientRegister, 'origins'>, internalToken: string): Router {
  const expected = digest(`Bearer ${internalToken}`);
  const router = Router();
  router.get('/internal/client-origins', (request, response) => {
    // Digests have one length, so the comparison tells nothing by its time.
    if (!timingSafeEqual(digest(request.headers.authorization ?? ''), expected))
      throw new HttpProblem('unauthenticated', 'This endpoint needs the internal token.');
    const list: ClientOriginList = {
      origins: register.origins().map(({ origin, territoryIds }) => ({ origin, territoryIds: [...territoryIds] })),
    };
    response.set('Cache-Control', 'no-store').json(list);
  });
  return router;
}
