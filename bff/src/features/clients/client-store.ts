import type { ClientChange, ClientDraft, Permission, RegisteredClient, RowScope } from '@lumina/contracts';
import type { AuditActor } from '../audit/audit-trail.ts';
import type { Tenant } from '../../config-store/tenant.ts';

/** What became of a guarded change. */
export type ClientWrite =
  | { readonly kind: 'done'; readonly client: RegisteredClient }
  | { readonly kind: 'missing' }
  | { readonly kind: 'stale'; readonly current: RegisteredClient };

/** The registered clients of a territory; every change is audited together with itself. */
export interface ClientStore {
  list: (tenant: Tenant) => Promise<readonly RegisteredClient[]>;
  find: (tenant: Tenant, id: string) => Promise<RegisteredClient | undefined>;
  create: (actor: AuditActor, id: string, draft: ClientDraft, secretHash: string) => Promise<RegisteredClient>;
  /** Changes what a client may; a revoked one is missing. */
  change: (actor: AuditActor, id: string, expectedVersion: number, change: ClientChange) => Promise<ClientWrite>;
  /** Gives it a new secret; the one before stays valid until `graceUntil`, any older one is gone. */
  rotateSecret: (
    actor: AuditActor,
    id: string,
    secretHash: string,
    graceUntil: Date,
  ) => Promise<RegisteredClient | undefined>;
  /** Ends it for ever. @returns whether there was one to end. */
  revoke: (actor: AuditActor, id: string) => Promise<boolean>;
}

/** What may be relied on of a client that has not been revoked. */
export interface ClientGrant {
  readonly id: string;
  readonly territoryId: number;
  readonly kind: 'service' | 'embed';
  readonly permissions: readonly Permission[];
  readonly scope?: RowScope;
  readonly origins: readonly string[];
}

/** A client with the digests of the secrets that are valid now. */
export interface ClientSecrets extends ClientGrant {
  readonly secretHashes: readonly string[];
}

/** The clients of all territories of the region, for whoever checks tokens. */
export interface ClientSource {
  /** Another text means that some client was registered, changed or revoked. */
  fingerprint: () => Promise<string>;
  /** All that are not revoked. */
  listGrants: () => Promise<readonly ClientGrant[]>;
  /** One that is not revoked, with its secrets. */
  findSecrets: (id: string) => Promise<ClientSecrets | undefined>;
}
