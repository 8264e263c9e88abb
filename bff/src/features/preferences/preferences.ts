import { sql } from 'kysely';
import type { Preferences } from '@lumina/contracts';
import { PreferencesSchema } from '@lumina/contracts/schemas';
import type { Identity } from '../../auth/identity.ts';
import type { ConfigStore, ConfigTransaction } from '../../config-store/config-store.ts';
import { defineRoute } from '../../http/route.ts';
import type { Route } from '../../http/route.ts';

/** Whose preferences; an identity as a whole will do. */
export type Person = Pick<Identity, 'territoryId' | 'sub'>;

/** What each person prefers in a territory: their own and nobody else's. */
export interface PreferencesStore {
  /** Empty for whoever has never said anything. */
  find: (person: Person) => Promise<Preferences>;
  save: (person: Person, preferences: Preferences) => Promise<void>;
}

/** Preferences in the configuration store. */
export function createSqlPreferencesStore(store: ConfigStore): PreferencesStore {
  const asPerson = <T>(person: Person, work: (transaction: ConfigTransaction) => Promise<T>): Promise<T> =>
    store.withTenant(person, async (transaction) => {
      // The policy compares with this; the statements below name the person themselves as well.
      await sql`select set_config('app.sub', ${person.sub}, true)`.execute(transaction);
      return work(transaction);
    });
  return {
    find: (person) =>
      asPerson(person, async (transaction) => {
        const row = await transaction
          .selectFrom('preferences')
          .select('body')
          .where('territory_id', '=', person.territoryId)
          .where('sub', '=', person.sub)
          .executeTakeFirst();
        return row?.body ?? {};
      }),
    save: (person, preferences) =>
      asPerson(person, async (transaction) => {
        const body = JSON.stringify(preferences);
        await transaction
          .insertInto('preferences')
          .values({ territory_id: person.territoryId, sub: person.sub, body })
          .onConflict((conflict) =>
            conflict.columns(['territory_id', 'sub']).doUpdateSet({ body, updated_at: sql<Date>`now()` }),
          )
          .execute();
      }),
  };
}

/** `/api/preferences`: what the caller prefers. Nothing else depends on it, so it leaves no trace in the audit trail. */
export function preferencesRoutes(store: PreferencesStore): readonly Route[] {
  return [
    defineRoute({
      method: 'get',
      path: '/api/preferences',
      summary: 'What the caller prefers; empty for whoever never said',
      permission: 'dashboards:read',
      success: { status: 200, description: 'The preferences', schema: PreferencesSchema },
      handle: async ({ identity, response }) => {
        response.set('Cache-Control', 'no-store').json(await store.find(identity));
      },
    }),
    defineRoute({
      method: 'put',
      path: '/api/preferences',
      summary: 'Replace what the caller prefers',
      permission: 'dashboards:read',
      body: PreferencesSchema,
      success: { status: 200, description: 'The preferences', schema: PreferencesSchema },
      handle: async ({ identity, body, response }) => {
        await store.save(identity, body);
        response.set('Cache-Control', 'no-store').json(body);
      },
    }),
  ];
}
