import { sql } from 'kysely';
import type { IngestKeyEntry } from '@lumina/contracts/schemas';
import type { ConfigStore, ConfigTransaction } from '../../config-store/config-store.ts';
import type { Tenant } from '../../config-store/tenant.ts';
import type { AuditTrail } from '../audit/audit-trail.ts';
import type { IngestKeyStore, KeyCreation, KeyRegister } from './ingest-key-store.ts';

/** Valid at once in one territory: its switches and services, with some to spare while keys are changed. */
export const MAX_VALID_KEYS = 20;
/** Made within 24 hours in one territory. */
export const MAX_NEW_KEYS_PER_DAY = 50;
const MAX_LISTED = 500;

const COLUMNS = ['id', 'hash', 'label', 'created_at', 'created_by', 'revoked_at', 'revoked_by'] as const;

interface KeyRow {
  readonly id: string;
  readonly hash: string;
  readonly label: string;
  readonly created_at: Date;
  readonly created_by: string | null;
  readonly revoked_at: Date | null;
  readonly revoked_by: string | null;
}

function toEntry(row: KeyRow): IngestKeyEntry {
  return {
    id: row.id,
    label: row.label,
    hashEnd: row.hash.slice(-4),
    createdAt: row.created_at.toISOString(),
    createdBy: row.created_by,
    revokedAt: row.revoked_at?.toISOString() ?? null,
    revokedBy: row.revoked_by,
  };
}

/** Keys in the configuration store, read under a role that sees nothing else. */
export function createSqlIngestKeyStore(store: ConfigStore): IngestKeyStore {
  return {
    listValid: () =>
      store.withRole('lumina_keys', async (transaction) => {
        const rows = await transaction
          .selectFrom('ingest_keys')
          .innerJoin('territories', 'territories.territory_id', 'ingest_keys.territory_id')
          .select(['ingest_keys.hash', 'ingest_keys.territory_id', 'territories.region_id'])
          .where('ingest_keys.revoked_at', 'is', null)
          .orderBy('ingest_keys.hash')
          .execute();
        return rows.map((row) => ({ hash: row.hash, territoryId: row.territory_id, regionId: row.region_id }));
      }),
  };
}

/** Rolls a creation back and carries what to answer. */
class KeyLimit extends Error {
  readonly kind: 'too_many' | 'too_often';
  constructor(kind: 'too_many' | 'too_often') {
    super(kind);
    this.name = 'KeyLimit';
    this.kind = kind;
  }
}

/** Counts what the territory has, the new key included. */
async function assertWithinLimits(transaction: ConfigTransaction, { territoryId }: Tenant): Promise<void> {
  const { valid, recent } = await transaction
    .selectFrom('ingest_keys')
    .select([
      sql<number>`count(*) filter (where revoked_at is null)`.as('valid'),
      sql<number>`count(*) filter (where created_at > now() - interval '24 hours')`.as('recent'),
    ])
    .where('territory_id', '=', territoryId)
    .executeTakeFirstOrThrow();
  if (valid > MAX_VALID_KEYS) throw new KeyLimit('too_many');
  if (recent > MAX_NEW_KEYS_PER_DAY) throw new KeyLimit('too_often');
}

/** The keys of a territory in the configuration store. */
export function createSqlKeyRegister(store: ConfigStore, audit: AuditTrail): KeyRegister {
  return {
    list: (tenant) =>
      store.withTenant(tenant, async (transaction) => {
        const rows = await transaction
          .selectFrom('ingest_keys')
          .select(COLUMNS)
          .where('territory_id', '=', tenant.territoryId)
          .orderBy('created_at', 'desc')
          .orderBy('id')
          .limit(MAX_LISTED)
          .execute();
        return rows.map(toEntry);
      }),
    create: async (actor, { hash, label }) => {
      try {
        return await store.withTenant(actor, async (transaction): Promise<KeyCreation> => {
          const row = await transaction
            .insertInto('ingest_keys')
            .values({ territory_id: actor.territoryId, hash, label, created_by: actor.sub })
            .returning(COLUMNS)
            .executeTakeFirstOrThrow();
          await audit.recordIn(transaction, actor, {
            action: 'key_created',
            target: { kind: 'ingest_key', id: row.id },
          });
          // After the record, which lets one at a time through: two at once cannot both be the last one allowed.
          await assertWithinLimits(transaction, actor);
          return { kind: 'created', key: toEntry(row) };
        });
      } catch (error) {
        if (error instanceof KeyLimit) return { kind: error.kind };
        throw error;
      }
    },
    revoke: (actor, id) =>
      store.withTenant(actor, async (transaction) => {
        const revoked = await transaction
          .updateTable('ingest_keys')
          .set({ revoked_at: sql<Date>`now()`, revoked_by: actor.sub })
          .where('territory_id', '=', actor.territoryId)
          .where('id', '=', id)
          .where('revoked_at', 'is', null)
          .executeTakeFirst();
        if (revoked.numUpdatedRows > 0n) {
          await audit.recordIn(transaction, actor, { action: 'key_revoked', target: { kind: 'ingest_key', id } });
          return true;
        }
        const known = await transaction
          .selectFrom('ingest_keys')
          .select('id')
          .where('territory_id', '=', actor.territoryId)
          .where('id', '=', id)
          .executeTakeFirst();
        return known !== undefined;
      }),
  };
}
