import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import type { Role, RowScope } from '@lumina/contracts';
import type { ConfigTransaction } from '../../config-store/config-store.ts';
import type { PeopleSearch, PersonSource, StoredPerson } from './people-store.ts';

interface PersonRow {
  readonly sub: string;
  readonly source: PersonSource;
  readonly name: string | null;
  readonly email: string | null;
  readonly added_at: Date;
  readonly first_seen_at: Date | null;
  readonly last_seen_at: Date | null;
  readonly last_sign_in_at: Date | null;
  readonly erased_at: Date | null;
  readonly token_roles: string[] | null;
  readonly token_scope: unknown;
  readonly version: number | null;
  readonly roles: string[] | null;
  readonly scope: unknown;
  readonly disabled_at: Date | null;
  readonly updated_at: Date | null;
  readonly updated_by: string | null;
}

/** By what people are listed: the name, else the address, else the subject. */
const SORT_KEY = sql<string>`lower(coalesce(p.name, p.email, p.sub)) collate "C"`;

/** Without the keys that are null. */
function present<T extends object>(fields: T): { [Key in keyof T]?: NonNullable<T[Key]> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null)) as {
    [Key in keyof T]?: NonNullable<T[Key]>;
  };
}

function toPerson(row: PersonRow): StoredPerson {
  return {
    sub: row.sub,
    source: row.source,
    addedAt: row.added_at,
    isErased: row.erased_at !== null,
    // Roles and scopes were checked before they were written.
    tokenRoles: (row.token_roles ?? []) as Role[],
    version: row.version ?? 0,
    isDisabled: row.disabled_at !== null,
    ...present({
      name: row.name,
      email: row.email,
      firstSeenAt: row.first_seen_at,
      lastSeenAt: row.last_seen_at,
      lastSignInAt: row.last_sign_in_at,
      tokenScope: row.token_scope as RowScope | null,
      roles: row.roles as Role[] | null,
      scope: row.scope as RowScope | null,
      updatedAt: row.updated_at,
      updatedBy: row.updated_by,
    }),
  };
}

function conditionsOf(territoryId: number, { text, after }: PeopleSearch): RawBuilder<boolean>[] {
  const pattern = `%${(text ?? '').replaceAll(/[\\%_]/g, '\\$&')}%`;
  return [
    sql<boolean>`p.territory_id = ${territoryId}`,
    sql<boolean>`p.erased_at is null`,
    ...(text === undefined || text === ''
      ? []
      : [sql<boolean>`(p.sub ilike ${pattern} or p.name ilike ${pattern} or p.email ilike ${pattern})`]),
    ...(after === undefined
      ? []
      : [sql<boolean>`(${SORT_KEY}, p.sub collate "C") > (${after.key}::text, ${after.sub}::text)`]),
  ];
}

async function select(
  transaction: ConfigTransaction,
  condition: RawBuilder<unknown>,
  rest: RawBuilder<unknown>,
): Promise<readonly StoredPerson[]> {
  const { rows } = await sql<PersonRow>`select p.sub, p.source, p.name, p.email, p.added_at, p.first_seen_at,
      p.last_seen_at, p.last_sign_in_at, p.erased_at, p.token_roles, p.token_scope,
      g.version, g.roles, g.scope, g.disabled_at, g.updated_at, g.updated_by
    from people p left join access_grants g on g.territory_id = p.territory_id and g.sub = p.sub
    where ${condition} ${rest}`.execute(transaction);
  return rows.map(toPerson);
}

/** One page, by name. */
export function selectPeople(
  transaction: ConfigTransaction,
  territoryId: number,
  search: PeopleSearch,
): Promise<readonly StoredPerson[]> {
  const condition = sql.join(conditionsOf(territoryId, search), sql` and `);
  return select(transaction, condition, sql`order by ${SORT_KEY}, p.sub collate "C" limit ${search.limit}`);
}

/** One person, the erased ones too. */
export async function selectPerson(
  transaction: ConfigTransaction,
  territoryId: number,
  sub: string,
): Promise<StoredPerson | undefined> {
  const [person] = await select(transaction, sql`p.territory_id = ${territoryId} and p.sub = ${sub}`, sql``);
  return person;
}

/** What a person is listed by. */
export function sortKeyOf({ name, email, sub }: StoredPerson): string {
  return (name ?? email ?? sub).toLowerCase();
}
