import { Router } from 'express';
import { assertPermission, identityOf } from '../auth/identity.ts';
import { pathParameter } from '../http/route.ts';
import { DASHBOARD_HEADER, namedDashboard } from '../timestream/asking-dashboard.ts';
import type { LiveHub } from './hub.ts';
import { parseLiveRequest } from './live-request.ts';
import { beginEventStream } from './sse-sink.ts';
import type { Tickets } from './tickets.ts';

/** Routes below `/api/live`: the event stream, tickets for WebSockets, and new tokens for streams under way. */
export function liveRouter(hub: LiveHub, tickets: Tickets): Router {
  const router = Router();

  router.post('/', (request, response) => {
    const identity = identityOf(request);
    assertPermission(identity, 'metrics:read');
    const { subscriptions, resume } = parseLiveRequest(request.body);
    // Whoever left while the token was checked is told nothing any more, and would never be let go of.
    if (response.destroyed) return;
    const stream = hub.open(identity, subscriptions, namedDashboard(request.get(DASHBOARD_HEADER)));
    response.once('close', () => {
      stream.close();
    });
    stream.start(beginEventStream(response, stream.id), request.get('last-event-id') ?? resume);
  });

  router.post('/ticket', (request, response) => {
    const identity = identityOf(request);
    assertPermission(identity, 'metrics:read');
    response.set('Cache-Control', 'no-store').json(tickets.issue(identity));
  });

  router.post('/:stream/token', (request, response) => {
    const identity = identityOf(request);
    assertPermission(identity, 'metrics:read');
    const expiresAt = hub.extend(pathParameter(request, 'stream'), identity);
    response.set('Cache-Control', 'no-store').json({ expiresAt });
  });

  return router;
}
