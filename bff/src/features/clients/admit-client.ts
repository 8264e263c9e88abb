import type { RequestHandler } from 'express';
import { identityOf } from '../../auth/identity.ts';
import type { Identity } from '../../auth/identity.ts';
import { scopeOfFacts } from '../../auth/pseudonyms.ts';
import type { Pseudonyms } from '../../auth/pseudonyms.ts';
import { HttpProblem } from '../../http/problem.ts';
import type { ClientRegister } from './client-register.ts';
import type { ClientGrant } from './client-store.ts';

function revoked(): HttpProblem {
  return new HttpProblem('unauthenticated', 'This client was revoked or is not registered here any more.', {
    headers: { 'WWW-Authenticate': 'Bearer error="invalid_token"' },
  });
}

function narrowed(identity: Identity, grant: ClientGrant, pseudonyms: Pseudonyms): Identity {
  // The scope of a client is its registration's and nobody else's; a token that was issued before it changed is no better.
  const { scope: _issued, ...rest } = identity;
  return {
    ...rest,
    permissions: identity.permissions.filter((permission) => grant.permissions.includes(permission)),
    ...(grant.scope === undefined ? {} : { scope: scopeOfFacts(grant.scope, pseudonyms(grant.territoryId)) }),
  };
}

/** Middleware behind authentication: a token of a registered client is worth what its registration says now. */
export function admitClient(register: Pick<ClientRegister, 'findGrant'>, pseudonyms: Pseudonyms): RequestHandler {
  return async (request, _response, next) => {
    const identity = identityOf(request);
    if (identity.kind !== 'user') {
      const grant = await register.findGrant(identity.clientId ?? '');
      if (grant === 'unknown') {
        throw new HttpProblem('overloaded', 'The registered clients cannot be read; try again shortly.', {
          headers: { 'Retry-After': '2' },
        });
      }
      if (grant?.territoryId !== identity.territoryId || grant.kind !== identity.kind) throw revoked();
      request.identity = narrowed(identity, grant, pseudonyms);
    }
    next();
  };
}
