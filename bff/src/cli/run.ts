import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { ConfigError, readStoreConfig } from '../config.ts';
import { openConfigStore } from '../config-store/config-store.ts';
import type { OwnedConfigStore } from '../config-store/config-store.ts';
import { importSeed, parseSeed } from '../config-store/import-seed.ts';
import { DEFAULT_AUDIT_DAYS, MIN_AUDIT_DAYS, pruneAudit } from '../features/audit/prune-audit.ts';
import { createSqlAuditTrail } from '../features/audit/sql-audit-trail.ts';
import type { Environment } from '../setting-reader.ts';

const USAGE = `Usage: npm run bff -- <command> [options]

Commands
  migrate               bring the schema of the configuration store to this release, all of it or nothing
                        --dry-run: only say what would run; --login-role <name>: let the servers' login take its roles
  import                bring in territories and directories: --file seed.json
  prune-audit           remove old acts from the audit trail: --older-than-days <count> (${String(DEFAULT_AUDIT_DAYS)}, at least ${String(MIN_AUDIT_DAYS)})

The store is DATABASE_URL, for migrate and prune-audit with the owner of the schema as its user, or LUMINA_CONFIG_DIR.
Exit status: 0 done, 1 failed, 2 wrong command line or settings.
`;

/** The world a command runs in. */
export interface CliWorld {
  readonly environment: Environment;
  readonly say: (text: string) => void;
  readonly complain: (text: string) => void;
}

/** A command line that cannot be followed. */
class UsageError extends Error {
  override readonly name = 'UsageError';
}

interface Given {
  readonly isDryRun: boolean;
  readonly loginRole?: string | undefined;
  readonly file?: string | undefined;
  readonly olderThanDays?: string | undefined;
}

type Command = (store: OwnedConfigStore, given: Given, say: CliWorld['say']) => Promise<void>;

const migrate: Command = async (store, { isDryRun, loginRole }, say) => {
  if (isDryRun) {
    const pending = await store.pending();
    say(pending.length === 0 ? 'The configuration store is up to date.' : 'Would run:');
    for (const { name, header } of pending) say(`\n${name}\n${header.replaceAll(/^(?=.)/gm, '  ')}`);
    return;
  }
  const ran = await store.migrate();
  say(ran.length === 0 ? 'The configuration store is up to date.' : `Migrated: ${ran.join(', ')}.`);
  if (loginRole !== undefined) {
    await store.grantLogin(loginRole);
    say(`${loginRole} may take the roles of a server.`);
  }
};

const importFile: Command = async (store, { file }, say) => {
  if (file === undefined) throw new UsageError('Name the file: --file seed.json');
  const seed = parseSeed(JSON.parse(await readFile(file, 'utf8')) as unknown);
  await importSeed(store, seed);
  say(`Imported ${String(seed.territories.length)} territories.`);
};

const prune: Command = async (store, { olderThanDays: text }, say) => {
  const olderThanDays = text === undefined ? DEFAULT_AUDIT_DAYS : /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (olderThanDays < MIN_AUDIT_DAYS)
    throw new UsageError(`--older-than-days takes a number of at least ${String(MIN_AUDIT_DAYS)}.`);
  const pruned = await pruneAudit(store, createSqlAuditTrail(store), { olderThanDays });
  for (const { territoryId, count } of pruned) say(`Territory ${String(territoryId)}: ${String(count)} removed.`);
  if (pruned.length === 0) say('Nothing is that old.');
};

const COMMANDS: ReadonlyMap<string, Command> = new Map([
  ['migrate', migrate],
  ['import', importFile],
  ['prune-audit', prune],
]);

function parse(args: readonly string[]): { readonly command: Command; readonly given: Given } {
  const { values, positionals } = (() => {
    try {
      return parseArgs({
        args: [...args],
        allowPositionals: true,
        options: {
          'dry-run': { type: 'boolean' },
          'login-role': { type: 'string' },
          file: { type: 'string' },
          'older-than-days': { type: 'string' },
        },
      });
    } catch (error) {
      throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
    }
  })();
  const [name = '', ...rest] = positionals;
  const command = COMMANDS.get(name);
  if (command === undefined || rest.length > 0) throw new UsageError(USAGE);
  return {
    command,
    given: {
      isDryRun: values['dry-run'] ?? false,
      loginRole: values['login-role'],
      file: values.file,
      olderThanDays: values['older-than-days'],
    },
  };
}

/** Runs a command of the BFF on the configuration store. @returns the exit status. */
export async function runCli(args: readonly string[], { environment, say, complain }: CliWorld): Promise<number> {
  try {
    const { command, given } = parse(args);
    const store = openConfigStore(readStoreConfig(environment));
    try {
      await command(store, given, say);
    } finally {
      await store.close();
    }
    return 0;
  } catch (error) {
    complain(error instanceof Error ? error.message : String(error));
    return error instanceof UsageError || error instanceof ConfigError ? 2 : 1;
  }
}
