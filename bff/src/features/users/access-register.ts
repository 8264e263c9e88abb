import type { Permission, Role, RowScope } from '@lumina/contracts';
import type { Identity } from '../../auth/identity.ts';
import type { ConfigTransaction } from '../../config-store/config-store.ts';
import type { Tenant } from '../../config-store/tenant.ts';

/** What a territory says of one identity, beyond its token. Absent keys: as the token says. */
export interface AccessRecord {
  /** Whether this region has the territory; only asked of who names one. */
  readonly isTerritoryKnown: boolean;
  readonly isDisabled: boolean;
  /** Tokens issued before are no longer good; epoch seconds, with fractions. */
  readonly validFromSeconds?: number;
  /** Instead of those of the token. Never super_admin. */
  readonly roles?: readonly Role[];
  /** No more than these, whatever the token says. */
  readonly permissions?: readonly Permission[];
  /** With ids as facts have them; whatever the token allows is narrowed by it. */
  readonly scope?: RowScope;
}

/** Where the record of an identity is read. */
export interface AccessSource {
  /** Rejects when it cannot be known. */
  readonly recordOf: (identity: Identity) => Promise<AccessRecord>;
}

/** Someone's rights changed. */
export interface AccessChange {
  /** Of the region, in the order of commits. */
  readonly sequence: number;
  readonly territoryId: number;
  /** A person, or `client|<id>`. */
  readonly sub: string;
}

/** The changes of all territories of the region. */
export interface AccessChangeLog {
  /** The last sequence there is. */
  readonly head: () => Promise<number>;
  /** In order, those after a sequence; fewer than `limit` means that there are no more. */
  readonly since: (sequence: number, limit: number) => Promise<readonly AccessChange[]>;
}

/** Tells every process of the region that someone's rights changed. */
export interface AccessChanges {
  /**
   * Keeps the change in the transaction that makes it. Call it first: until the commit no other change of rights in the
   * region can begin, so that what is checked afterwards stays true.
   */
  readonly recordIn: (transaction: ConfigTransaction, tenant: Tenant, sub: string) => Promise<AccessChange>;
  /** Once it is committed: this process forgets what it knew and ends the streams at once, the others within a second. */
  readonly announce: (change: AccessChange) => void;
}
