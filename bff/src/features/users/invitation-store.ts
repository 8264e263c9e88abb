import type { Role, RowScope } from '@lumina/contracts';
import type { Identity } from '../../auth/identity.ts';
import type { Tenant } from '../../config-store/tenant.ts';
import type { AccessChange } from './access-register.ts';
import type { RightsChange, RightsNow } from './people-store.ts';

/** An invitation that has been neither followed nor revoked. */
export interface PendingInvitation {
  readonly id: string;
  readonly sub: string;
  readonly email?: string;
  readonly roles: readonly Role[];
  readonly scope?: RowScope;
  readonly invitedAt: Date;
  readonly invitedBy: string;
  readonly expiresAt: Date;
}

/** What to keep of a new one; the link is not kept. */
export interface NewInvitation {
  readonly sub: string;
  readonly email: string;
  readonly expiresAt: Date;
}

/** The invitations of a territory. */
export interface InvitationStore {
  /** Newest first. */
  readonly pending: (tenant: Tenant) => Promise<readonly PendingInvitation[]>;
  readonly find: (tenant: Tenant, id: string) => Promise<PendingInvitation | undefined>;
  /** Keeps it together with what the person is granted. */
  readonly create: (
    actor: Identity,
    invitation: NewInvitation,
    decide: (now: RightsNow) => RightsChange,
  ) => Promise<{ readonly invitation: PendingInvitation; readonly change: AccessChange }>;
  /** Ends it and keeps its person out; undefined where it is no longer pending. */
  readonly revoke: (
    actor: Identity,
    invitation: PendingInvitation,
    decide: (now: RightsNow) => RightsChange,
  ) => Promise<AccessChange | undefined>;
}
