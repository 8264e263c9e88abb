import { sql } from 'kysely';
import type { Identity } from '../../auth/identity.ts';
import type { ConfigStore, ConfigTransaction } from '../../config-store/config-store.ts';
import type { AuditTrail } from '../audit/audit-trail.ts';
import { recordAccessChange } from './sql-access-register.ts';
import type { PeopleStore, PersonSource, RightsChange, RightsNow } from './people-store.ts';
import { selectPeople, selectPerson } from './person-rows.ts';

async function countOtherAdmins(transaction: ConfigTransaction, territoryId: number, sub: string): Promise<number> {
  const { rows } = await sql<{ n: number }>`select count(*)::int as n
    from people p left join access_grants g on g.territory_id = p.territory_id and g.sub = p.sub
    where p.territory_id = ${territoryId} and p.sub <> ${sub} and p.erased_at is null and p.first_seen_at is not null
      and g.disabled_at is null and 'admin' = any(coalesce(g.roles, p.token_roles, array[]::text[]))`.execute(
    transaction,
  );
  return rows[0]?.n ?? 0;
}

/** A newcomer to the register. */
interface Newcomer {
  readonly source: PersonSource;
  readonly email?: string;
}

/** What belongs to the same change. */
interface WithChange {
  readonly newcomer?: Newcomer;
  /** Runs once the person is there. */
  readonly beforeAudit?: () => Promise<void>;
}

async function addPerson(
  transaction: ConfigTransaction,
  { territoryId }: Identity,
  sub: string,
  { source, email }: Newcomer,
): Promise<void> {
  await transaction
    .insertInto('people')
    .values({ territory_id: territoryId, sub, source, email: email ?? null })
    .onConflict((conflict) => conflict.columns(['territory_id', 'sub']).doNothing())
    .execute();
}

async function writeGrant(
  transaction: ConfigTransaction,
  { territoryId, sub: author }: Identity,
  sub: string,
  { roles, scope, isDisabled, endsTokens }: RightsChange,
): Promise<void> {
  const said = {
    roles: roles === undefined ? null : [...roles],
    scope: scope === undefined ? null : JSON.stringify(scope),
    updated_by: author,
  };
  const now = sql<Date>`clock_timestamp()`;
  await transaction
    .insertInto('access_grants')
    .values({
      territory_id: territoryId,
      sub,
      ...said,
      disabled_at: isDisabled ? now : null,
      valid_from: endsTokens ? now : null,
    })
    .onConflict((conflict) =>
      conflict.columns(['territory_id', 'sub']).doUpdateSet({
        ...said,
        version: sql<number>`access_grants.version + 1`,
        updated_at: now,
        disabled_at: isDisabled ? sql<Date>`coalesce(access_grants.disabled_at, clock_timestamp())` : null,
        ...(endsTokens ? { valid_from: now } : {}),
      }),
    )
    .execute();
}

/** Erased: what names the person goes, and what the tokens said. Whoever is granted something again is alive again. */
async function settlePerson(
  transaction: ConfigTransaction,
  { territoryId }: Identity,
  sub: string,
  erases: boolean,
): Promise<void> {
  const nothing = { name: null, email: null, token_roles: null, token_scope: null };
  await transaction
    .updateTable('people')
    .set({ ...(erases ? nothing : {}), erased_at: erases ? sql<Date>`clock_timestamp()` : null })
    .where('territory_id', '=', territoryId)
    .where('sub', '=', sub)
    .execute();
}

/** What is a person's own goes with the person; what others work with (boards, metrics) stays. */
async function eraseOwnThings(transaction: ConfigTransaction, { territoryId }: Identity, sub: string): Promise<void> {
  // Preferences are hidden from everybody but their person, also from whoever erases them.
  await sql`select set_config('app.sub', ${sub}, true)`.execute(transaction);
  await transaction.deleteFrom('preferences').where('territory_id', '=', territoryId).where('sub', '=', sub).execute();
  await transaction
    .deleteFrom('dashboard_drafts')
    .where('territory_id', '=', territoryId)
    .where('author', '=', sub)
    .execute();
}

/** What {@link PeopleStore.change} does, for callers with a transaction of their own. */
export async function changeRights(
  transaction: ConfigTransaction,
  audit: AuditTrail,
  actor: Identity,
  sub: string,
  decide: (now: RightsNow) => RightsChange,
  { newcomer = { source: 'grant' }, beforeAudit }: WithChange = {},
): ReturnType<PeopleStore['change']> {
  const { territoryId } = actor;
  // First, since it makes everybody else wait who changes rights.
  const change = await recordAccessChange(transaction, actor, sub);
  const decided = decide({
    person: await selectPerson(transaction, territoryId, sub),
    actor: await selectPerson(transaction, territoryId, actor.sub),
    otherAdmins: await countOtherAdmins(transaction, territoryId, sub),
  });
  await addPerson(transaction, actor, sub, newcomer);
  await writeGrant(transaction, actor, sub, decided);
  await settlePerson(transaction, actor, sub, decided.erases);
  if (decided.erases) await eraseOwnThings(transaction, actor, sub);
  await beforeAudit?.();
  const person = await selectPerson(transaction, territoryId, sub);
  if (person === undefined) throw new Error('A person who was just written cannot be read.');
  // Last, since it makes everybody else wait who is audited.
  for (const event of decided.events) await audit.recordIn(transaction, actor, event);
  return { person, change };
}

/** People in the configuration store. */
export function createSqlPeopleStore(store: ConfigStore, audit: AuditTrail): PeopleStore {
  return {
    list: (tenant, search) =>
      store.withTenant(tenant, (transaction) => selectPeople(transaction, tenant.territoryId, search)),
    find: (tenant, sub) =>
      store.withTenant(tenant, async (transaction) => {
        const person = await selectPerson(transaction, tenant.territoryId, sub);
        return person?.isErased === true ? undefined : person;
      }),
    change: (actor, sub, decide) =>
      store.withTenant(actor, (transaction) => changeRights(transaction, audit, actor, sub, decide)),
  };
}
