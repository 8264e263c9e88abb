import type { Role, RowScope } from '@lumina/contracts';
import type { Identity } from '../../auth/identity.ts';
import type { Tenant } from '../../config-store/tenant.ts';
import type { AuditEvent } from '../audit/audit-trail.ts';
import type { AccessChange } from './access-register.ts';

/** How the territory came to know a person. */
export type PersonSource = 'token' | 'invitation' | 'grant';

/** A row of the register, with the grant beside it. */
export interface StoredPerson {
  readonly sub: string;
  readonly source: PersonSource;
  readonly name?: string;
  readonly email?: string;
  readonly addedAt: Date;
  readonly firstSeenAt?: Date;
  readonly lastSeenAt?: Date;
  readonly lastSignInAt?: Date;
  readonly isErased: boolean;
  /** Of the newest token. */
  readonly tokenRoles: readonly Role[];
  readonly tokenScope?: RowScope;
  /** 0: nothing was ever granted. */
  readonly version: number;
  readonly roles?: readonly Role[];
  readonly scope?: RowScope;
  readonly isDisabled: boolean;
  readonly updatedAt?: Date;
  readonly updatedBy?: string;
}

/** A page of the register. */
export interface PeopleSearch {
  /** Part of the name, the address or the subject, any case. */
  readonly text?: string;
  /** Of the last person of the page before. */
  readonly after?: { readonly key: string; readonly sub: string };
  readonly limit: number;
}

/** What a change is decided upon, read under the lock that all changes of rights in the region take. */
export interface RightsNow {
  /** Undefined: nobody has heard of this subject here. */
  readonly person: StoredPerson | undefined;
  /** What the territory says of the actor by now, where it is one of its people. */
  readonly actor: StoredPerson | undefined;
  /** Administrators who have been here and may still come in, without the person. */
  readonly otherAdmins: number;
}

/** What becomes of a person. Everything is stated; what is absent is taken away. */
export interface RightsChange {
  readonly roles?: readonly Role[];
  readonly scope?: RowScope;
  readonly isDisabled: boolean;
  /** Tokens issued until now are no longer good. */
  readonly endsTokens: boolean;
  /** Personal data goes; the subject and its dates stay, so that the erasure holds when it comes back. */
  readonly erases: boolean;
  readonly events: readonly AuditEvent[];
}

/** The people of a territory. */
export interface PeopleStore {
  readonly list: (tenant: Tenant, search: PeopleSearch) => Promise<readonly StoredPerson[]>;
  /** Undefined for who is not there, is erased, or belongs to another territory. */
  readonly find: (tenant: Tenant, sub: string) => Promise<StoredPerson | undefined>;
  /**
   * Changes what the territory says of a person, and audits it, or nothing of both: `decide` throws to refuse. Whom nobody
   * has heard of becomes known by it.
   */
  readonly change: (
    actor: Identity,
    sub: string,
    decide: (now: RightsNow) => RightsChange,
  ) => Promise<{ readonly person: StoredPerson; readonly change: AccessChange }>;
}

/** That a token was used. */
export interface Sighting {
  /** As the token says it, not as the territory changed it. */
  readonly identity: Identity;
}

/** Where sightings are kept. */
export interface SightingStore {
  /** Also puts the sign-in on record, the first time that its session is seen. */
  readonly record: (sighting: Sighting) => Promise<void>;
}

/** The roles that hold. */
export function rolesOf({ roles, tokenRoles }: StoredPerson): readonly Role[] {
  return roles ?? tokenRoles;
}

/** When the session of a token began; a token that does not say is of the session of its own issue. */
export function sessionOf({ signedInAtSeconds, issuedAtSeconds }: Identity): number {
  return signedInAtSeconds ?? issuedAtSeconds;
}
