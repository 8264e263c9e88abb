import { sql } from 'kysely';
import type { ConfigStore } from './config-store.ts';
import { StoreUnavailableError } from './store-errors.ts';

interface LoginRights {
  readonly bypasses: boolean;
  readonly owns: boolean;
}

async function loginRights(store: ConfigStore): Promise<LoginRights | undefined> {
  return store.withRole('lumina_app', async (transaction) => {
    const { rows } = await sql<LoginRights>`
      select r.rolsuper or r.rolbypassrls as bypasses,
        exists (select from pg_class c where c.relname = 'territories' and c.relowner = r.oid) as owns
      from pg_roles r where r.rolname = session_user`.execute(transaction);
    return rows[0];
  });
}

/**
 * Whether a server may be started on a store. Throws `SchemaOutdatedError` where a command must run first. A store that
 * does not answer is no reason to stay down: the server says that it is not ready until it does.
 */
export async function assertServable(store: ConfigStore, warn: (text: string, error?: unknown) => void): Promise<void> {
  try {
    await store.ping();
    const rights = await loginRights(store);
    if (rights?.bypasses === true) warn('the login role of the configuration store passes row-level security');
    else if (rights?.owns === true) warn('the login role of the configuration store owns its tables');
  } catch (error) {
    if (!(error instanceof StoreUnavailableError)) throw error;
    warn('the configuration store does not answer; starting all the same', error);
  }
}
