/**
 * The database roles a transaction may take; each sees only what its policies allow. A closed table: what is not here
 * cannot be taken, and what is here must be granted in the matrix of `schema-guard.int.test.ts`.
 */
export const STORE_ROLES = {
  lumina_app: { isForServer: true, purpose: 'answers requests of one territory' },
  lumina_import: { isForServer: true, purpose: 'brings in directories: from files and from the live tail' },
  lumina_keys: { isForServer: true, purpose: 'tells the collector the valid ingest keys of the region' },
  lumina_access: { isForServer: true, purpose: 'hears whose rights changed in the region' },
  lumina_clients: { isForServer: true, purpose: 'checks the secrets of registered clients of the region' },
  lumina_alerts: { isForServer: true, purpose: 'evaluates the alert rules of the region' },
  lumina_prune: { isForServer: false, purpose: 'removes old acts from the audit trail, by command only' },
} as const satisfies Readonly<Record<string, { readonly isForServer: boolean; readonly purpose: string }>>;

/** One of the database roles. */
export type StoreRole = keyof typeof STORE_ROLES;

/** The roles that the login role of a server must be a member of. */
export const SERVER_ROLES = (Object.keys(STORE_ROLES) as StoreRole[]).filter((role) => STORE_ROLES[role].isForServer);
