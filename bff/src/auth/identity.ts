import type { Request } from 'express';
import type { IdentityKind, Permission, Profile, RegionId, Role, RowScope } from '@lumina/contracts';
import { HttpProblem } from '../http/problem.ts';

/** Who asks, after the token was verified and the territory settled; everything below a route trusts only this. */
export interface Identity {
  readonly sub: string;
  readonly kind: IdentityKind;
  /** Of a service or an embedding: which registered client. */
  readonly clientId?: string;
  /** From the claim; for super_admin the territory named (and to be audited) for this request. */
  readonly territoryId: number;
  readonly regionId: RegionId;
  readonly roles: readonly Role[];
  /** What the roles allow, narrowed to what the token grants. */
  readonly permissions: readonly Permission[];
  /** Rows this identity may see; absent means the whole territory, an empty list nothing. */
  readonly scope?: RowScope;
  /** Why a super_admin looks into this territory (`X-Reason`). */
  readonly reason?: string;
  /** Expiry of the token, seconds since the epoch. */
  readonly expiresAtSeconds: number;
  /** When the token was issued, seconds since the epoch; 0 where it does not say. */
  readonly issuedAtSeconds: number;
  /** When the person signed in, where the token says so. */
  readonly signedInAtSeconds?: number;
  /** Personal data: for the register of people, never for a log. */
  readonly profile?: Profile;
}

declare module 'express-serve-static-core' {
  // Merging into the interface is how Express types what a middleware adds.
  interface Request {
    identity?: Identity;
  }
}

/** The verified identity of a request; refuses when no authentication ran before. */
export function identityOf(request: Request): Identity {
  if (request.identity === undefined) {
    throw new HttpProblem('unauthenticated', 'Send an access token: Authorization: Bearer <token>.');
  }
  return request.identity;
}

/** Refuses with `forbidden` unless the identity holds the permission. */
export function assertPermission(identity: Identity, permission: Permission): void {
  if (!identity.permissions.includes(permission)) {
    throw new HttpProblem('forbidden', `This needs the permission ${permission}; ask an administrator for it.`);
  }
}
