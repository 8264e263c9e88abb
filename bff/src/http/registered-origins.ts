import type { RequestHandler } from 'express';
import { identityOf } from '../auth/identity.ts';
import { HttpProblem } from './problem.ts';

/** Origins of the pages of registered clients, and whose clients those are. */
export interface RegisteredOrigins {
  /** The territories that registered an origin; undefined where nobody did. */
  readonly territoriesOf: (origin: string) => ReadonlySet<number> | undefined;
}

/** Nobody has registered anything. */
export const noOrigins: RegisteredOrigins = { territoriesOf: () => undefined };

/** Whether the pages of an origin may read what the API answers: it is set, or some territory registered it. */
export function originCheck(set: readonly string[], registered: RegisteredOrigins): (origin: string) => boolean {
  const always = new Set(set);
  return (origin) => always.has(origin) || registered.territoriesOf(origin) !== undefined;
}

/**
 * Middleware behind authentication: the origin that one territory registered gives nothing to a token of another. A
 * preflight names no territory, so it is only here that the two can be compared.
 */
export function requireOwnOrigin(set: readonly string[], registered: RegisteredOrigins): RequestHandler {
  const always = new Set(set);
  return (request, _response, next) => {
    const origin = request.get('origin');
    const owners = origin === undefined || always.has(origin) ? undefined : registered.territoriesOf(origin);
    if (owners !== undefined && !owners.has(identityOf(request).territoryId)) {
      throw new HttpProblem(
        'territory_mismatch',
        'This page is registered by another territory than that of the token.',
      );
    }
    next();
  };
}
