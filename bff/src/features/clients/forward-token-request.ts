import { Router, raw } from 'express';
import type { NextFunction, Request, Response } from 'express';
import type { Logger } from 'pino';
import type { RegionId } from '@lumina/contracts';
import { credentialsOf } from './client-credentials.ts';
import { OAuthError, oauthErrorHandler } from './oauth-error.ts';

/** What forwarding needs. */
export interface TokenForwardingOptions {
  /** The region that an id names; undefined for what names none. */
  readonly regionOf: (id: string) => RegionId | undefined;
  readonly forwardTo: (regionId: RegionId, request: Request, response: Response, next: NextFunction) => void;
  readonly logger: Logger;
}

/** Far more than a request for a token takes. */
const MAX_FORM = '64kb';

/** Who is named in a form that was not parsed; the region checks the same bytes again. */
function namedClient(request: Request): string {
  const body: unknown = request.body;
  const fields = new URLSearchParams(Buffer.isBuffer(body) ? body.toString('utf8') : '');
  const form = Object.fromEntries(
    ['client_id', 'client_secret'].map((name) => {
      const values = fields.getAll(name);
      return [name, values.length > 1 ? values : values[0]];
    }),
  );
  return credentialsOf(request, form).clientId;
}

/** `POST /oauth/token` at the distributor: goes to the region that the client's id names, and nowhere else. */
export function createTokenForwarder({ regionOf, forwardTo, logger }: TokenForwardingOptions): Router {
  const router = Router();
  router.post('/oauth/token', raw({ type: () => true, limit: MAX_FORM, inflate: false }), (request, response, next) => {
    const regionId = regionOf(namedClient(request));
    if (regionId === undefined)
      throw new OAuthError('invalid_client', 'The client is unknown or revoked, or its secret is wrong.');
    forwardTo(regionId, request, response, next);
  });
  router.use('/oauth/token', oauthErrorHandler(logger));
  return router;
}
