import type { IngestKey, IngestKeyEntry } from '@lumina/contracts/schemas';
import type { Tenant } from '../../config-store/tenant.ts';
import type { AuditActor } from '../audit/audit-trail.ts';

/** The valid keys of the region, as its collector needs them. */
export interface IngestKeyStore {
  listValid: () => Promise<readonly IngestKey[]>;
}

/** What became of the wish for a new key. */
export type KeyCreation =
  | { readonly kind: 'created'; readonly key: IngestKeyEntry }
  /** The territory has as many valid keys as it may have. */
  | { readonly kind: 'too_many' }
  /** It has made as many within a day as it may make. */
  | { readonly kind: 'too_often' };

/** The keys of one territory, in the hands of its administrators; every change is audited with it. */
export interface KeyRegister {
  /** Newest first, the revoked ones among them. */
  list: (tenant: Tenant) => Promise<readonly IngestKeyEntry[]>;
  /** Keeps a key by its SHA-256; the key itself never gets here. */
  create: (actor: AuditActor, key: { readonly hash: string; readonly label: string }) => Promise<KeyCreation>;
  /** Once revoked, a key stays so; doing it again changes nothing. @returns whether there is such a key. */
  revoke: (actor: AuditActor, id: string) => Promise<boolean>;
}
