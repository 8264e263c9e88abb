import type { RequestHandler } from 'express';
import { identityOf } from '../../auth/identity.ts';
import type { AuditTrail } from './audit-trail.ts';

/** For so long this process does not ask again whether a visit is on record. The database keeps it to one in 15 min. */
const REMEMBERED_MS = 60_000;
const MAX_REMEMBERED = 1_000;

/**
 * Middleware after admission: whoever works in a territory that is not theirs is on record with the reason before
 * anything is answered, for the administrators of that territory to read. A visit of 15 minutes is one row.
 */
export function recordActing(trail: AuditTrail, clock: () => number = Date.now): RequestHandler {
  const recordedUntilMs = new Map<string, number>();
  return async (request, _response, next) => {
    const identity = identityOf(request);
    if (identity.roles.includes('super_admin')) {
      const visit = JSON.stringify([identity.territoryId, identity.sub, identity.reason]);
      const nowMs = clock();
      if ((recordedUntilMs.get(visit) ?? 0) <= nowMs) {
        await trail.record(identity, { action: 'act_as' });
        if (recordedUntilMs.size >= MAX_REMEMBERED) recordedUntilMs.clear();
        recordedUntilMs.set(visit, nowMs + REMEMBERED_MS);
      }
    }
    next();
  };
}
