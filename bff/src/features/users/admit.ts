import type { RequestHandler } from 'express';
import { identityOf } from '../../auth/identity.ts';
import type { Identity } from '../../auth/identity.ts';
import type { Admissions } from './admissions.ts';

/**
 * Middleware after `requireRegion`: puts the identity that holds in the territory in the place of the token's, or refuses.
 * `onAdmitted` is given the token's. Clients have a register of their own.
 */
export function admit(admissions: Pick<Admissions, 'admit'>, onAdmitted: (identity: Identity) => void): RequestHandler {
  return async (request, _response, next) => {
    const identity = identityOf(request);
    if (identity.kind !== 'user') {
      next();
      return;
    }
    request.identity = await admissions.admit(identity);
    onAdmitted(identity);
    next();
  };
}
