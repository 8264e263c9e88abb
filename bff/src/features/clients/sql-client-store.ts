import { sql } from 'kysely';
import { PERMISSIONS } from '@lumina/contracts';
import type { ClientChange, ClientDraft, Permission, RegisteredClient, RowScope } from '@lumina/contracts';
import type { ConfigStore, ConfigTransaction } from '../../config-store/config-store.ts';
import type { Tenant } from '../../config-store/tenant.ts';
import type { AuditActor, AuditEvent, AuditTrail } from '../audit/audit-trail.ts';
import type { ClientStore, ClientWrite } from './client-store.ts';

interface ClientRow {
  readonly id: string;
  readonly kind: 'service' | 'embed';
  readonly name: string;
  readonly origins: readonly string[];
  readonly permissions: readonly string[];
  readonly scope: unknown;
  readonly version: number;
  readonly created_at: Date;
  readonly updated_at: Date;
  readonly updated_by: string;
  readonly previous_secret_until: Date | null;
  readonly revoked_at: Date | null;
}

const COLUMNS = [
  'id',
  'kind',
  'name',
  'origins',
  'permissions',
  'scope',
  'version',
  'created_at',
  'updated_at',
  'updated_by',
  'previous_secret_until',
  'revoked_at',
] as const;

/** Permissions as they are written; a name that is gone gives nothing. */
export function permissionsOfRow(names: readonly string[]): Permission[] {
  return PERMISSIONS.filter((name) => names.includes(name));
}

/** Only checked scopes are ever written. */
export function scopeOfRow(scope: unknown): { readonly scope?: RowScope } {
  return scope === null ? {} : { scope: scope as RowScope };
}

function toClient(row: ClientRow): RegisteredClient {
  // Only checked scopes are ever written.
  const scope = row.scope === null ? undefined : (row.scope as NonNullable<RegisteredClient['scope']>);
  return {
    id: row.id,
    kind: row.kind,
    name: row.name,
    origins: [...row.origins],
    permissions: permissionsOfRow(row.permissions),
    ...(scope === undefined ? {} : { scope }),
    version: row.version,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
    updatedBy: row.updated_by,
    ...(row.previous_secret_until === null ? {} : { previousSecretUntil: row.previous_secret_until.toISOString() }),
    ...(row.revoked_at === null ? {} : { revokedAt: row.revoked_at.toISOString() }),
  };
}

function fieldsOf({ name, origins, permissions, scope }: ClientChange): {
  name: string;
  origins: string[];
  permissions: string[];
  scope: string | null;
} {
  return { name, origins, permissions, scope: scope === undefined ? null : JSON.stringify(scope) };
}

/** What the record keeps of a client: never its name, nor what its scope holds. */
function eventOf(action: AuditEvent['action'], id: string, client: ClientChange): AuditEvent {
  const { origins, permissions, scope } = client;
  return { action, target: { kind: 'client', id }, detail: { origins, permissions, isScoped: scope !== undefined } };
}

async function find(transaction: ConfigTransaction, tenant: Tenant, id: string): Promise<RegisteredClient | undefined> {
  const row = await transaction
    .selectFrom('clients')
    .select(COLUMNS)
    .where('territory_id', '=', tenant.territoryId)
    .where('id', '=', id)
    .executeTakeFirst();
  return row === undefined ? undefined : toClient(row);
}

async function change(
  transaction: ConfigTransaction,
  actor: AuditActor,
  id: string,
  expectedVersion: number,
  wanted: ClientChange,
): Promise<ClientWrite> {
  // The version in the WHERE is the guard: of two writers at once only one finds the row.
  const row = await transaction
    .updateTable('clients')
    .set({
      ...fieldsOf(wanted),
      version: expectedVersion + 1,
      updated_at: sql<Date>`now()`,
      updated_by: actor.sub,
    })
    .where('territory_id', '=', actor.territoryId)
    .where('id', '=', id)
    .where('version', '=', expectedVersion)
    .where('revoked_at', 'is', null)
    .returning(COLUMNS)
    .executeTakeFirst();
  if (row !== undefined) return { kind: 'done', client: toClient(row) };
  const current = await find(transaction, actor, id);
  return current === undefined || current.revokedAt !== undefined ? { kind: 'missing' } : { kind: 'stale', current };
}

async function insert(
  transaction: ConfigTransaction,
  { territoryId, sub }: AuditActor,
  id: string,
  draft: ClientDraft,
  secretHash: string,
): Promise<RegisteredClient> {
  const row = await transaction
    .insertInto('clients')
    .values({
      territory_id: territoryId,
      id,
      kind: draft.kind,
      ...fieldsOf(draft),
      secret_hash: secretHash,
      updated_by: sub,
    })
    .returning(COLUMNS)
    .executeTakeFirstOrThrow();
  return toClient(row);
}

async function setSecret(
  transaction: ConfigTransaction,
  { territoryId, sub }: AuditActor,
  id: string,
  secretHash: string,
  graceUntil: Date,
): Promise<RegisteredClient | undefined> {
  const row = await transaction
    .updateTable('clients')
    .set((column) => ({
      previous_secret_hash: column.ref('secret_hash'),
      previous_secret_until: graceUntil,
      secret_hash: secretHash,
      version: sql<number>`version + 1`,
      updated_at: sql<Date>`now()`,
      updated_by: sub,
    }))
    .where('territory_id', '=', territoryId)
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .returning(COLUMNS)
    .executeTakeFirst();
  return row === undefined ? undefined : toClient(row);
}

/** Registered clients in the configuration store. */
export function createSqlClientStore(store: ConfigStore, audit: AuditTrail): ClientStore {
  return {
    list: (tenant) =>
      store.withTenant(tenant, async (transaction) => {
        const rows = await transaction
          .selectFrom('clients')
          .select(COLUMNS)
          .where('territory_id', '=', tenant.territoryId)
          .orderBy('created_at')
          .orderBy('id')
          .execute();
        return rows.map(toClient);
      }),
    find: (tenant, id) => store.withTenant(tenant, (transaction) => find(transaction, tenant, id)),
    create: (actor, id, draft, secretHash) =>
      store.withTenant(actor, async (transaction) => {
        const client = await insert(transaction, actor, id, draft, secretHash);
        await audit.recordIn(transaction, actor, eventOf('client_created', id, draft));
        return client;
      }),
    change: (actor, id, expectedVersion, wanted) =>
      store.withTenant(actor, async (transaction) => {
        const outcome = await change(transaction, actor, id, expectedVersion, wanted);
        if (outcome.kind === 'done') await audit.recordIn(transaction, actor, eventOf('client_changed', id, wanted));
        return outcome;
      }),
    rotateSecret: (actor, id, secretHash, graceUntil) =>
      store.withTenant(actor, async (transaction) => {
        const client = await setSecret(transaction, actor, id, secretHash, graceUntil);
        if (client === undefined) return undefined;
        const target = { kind: 'client', id };
        await audit.recordIn(transaction, actor, { action: 'client_changed', target, detail: { isNewSecret: true } });
        return client;
      }),
    revoke: (actor, id) =>
      store.withTenant(actor, async (transaction) => {
        const row = await transaction
          .updateTable('clients')
          .set({ revoked_at: sql<Date>`now()`, version: sql<number>`version + 1`, updated_by: actor.sub })
          .where('territory_id', '=', actor.territoryId)
          .where('id', '=', id)
          .where('revoked_at', 'is', null)
          .returning('id')
          .executeTakeFirst();
        if (row === undefined) return false;
        await audit.recordIn(transaction, actor, { action: 'client_revoked', target: { kind: 'client', id } });
        return true;
      }),
  };
}
