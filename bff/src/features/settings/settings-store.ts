import type { SettingsVersion, TerritorySettings } from '@lumina/contracts';
import type { Tenant } from '../../config-store/tenant.ts';
import type { AuditActor } from '../audit/audit-trail.ts';

/** Stands for the settings among the people whose rights have changed; no token has such a subject. */
export const SETTINGS_SUBJECT = '(settings)';

/** Settings as they are stored, or the defaults as version 0. */
export interface StoredSettings extends SettingsVersion {
  /** The version that last changed what a metric means; 0 = the product's own definitions. */
  readonly definitionsVersion: number;
}

/** The outcome of a guarded write. */
export type SettingsWrite =
  | { readonly kind: 'done'; readonly before: StoredSettings; readonly settings: StoredSettings }
  | { readonly kind: 'stale'; readonly current: StoredSettings }
  /** There is no such territory. */
  | { readonly kind: 'missing' };

/** What a writer gives. */
export interface SettingsChange {
  readonly expectedVersion: number;
  readonly body: TerritorySettings;
}

/** The settings of a territory and their former versions. */
export interface SettingsStore {
  /** Undefined for a territory that is not known. */
  find: (tenant: Tenant) => Promise<StoredSettings | undefined>;
  /** Replaces them if their version is still the expected one; 0 = nobody has stored any. The change is audited with it. */
  replace: (actor: AuditActor, change: SettingsChange) => Promise<SettingsWrite>;
  /** Former versions and the present one, newest first. */
  versions: (tenant: Tenant) => Promise<readonly StoredSettings[]>;
}
