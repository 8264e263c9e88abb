import { createHash, randomUUID } from 'node:crypto';
import { chmodSync, existsSync, lstatSync, mkdirSync, readdirSync } from 'node:fs';
import { readFile, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ownMigrations } from '../config-store/migrate.ts';

/** Everything here of which a stored database is made, beside the migrations. */
const MAKERS = ['./engine-template.ts', './local-postgres.ts', './config-engines.ts', '../config-store/migrate.ts'];
const DAY_MS = 86_400_000;

/** The folder of this user's templates; one that somebody else could have filled is refused. */
function templatesFolder(): string {
  const uid = process.getuid?.() ?? 0;
  const folder = join(tmpdir(), `lumina-test-templates-${String(uid)}`);
  if (!existsSync(folder)) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    chmodSync(folder, 0o700);
  }
  const found = lstatSync(folder);
  const isOwn = process.getuid === undefined || (found.uid === uid && (found.mode & 0o077) === 0);
  if (!found.isDirectory() || !isOwn) throw new Error(`${folder} is not this user's alone; remove it.`);
  return folder;
}

async function keyOf(engineVersion: string): Promise<string> {
  const makers = await Promise.all(MAKERS.map((file) => readFile(new URL(file, import.meta.url), 'utf8')));
  const kysely = await packageVersion('kysely');
  const parts = [
    engineVersion,
    kysely,
    ...makers,
    ...(await ownMigrations()).flatMap(({ name, text }) => [name, text]),
  ];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
}

/** The description of an installed package, all of it: it names the version. */
export function packageVersion(name: string): Promise<string> {
  const [folder] = fileURLToPath(import.meta.resolve(name)).split(join(name, 'dist'));
  return readFile(join(folder ?? '', name, 'package.json'), 'utf8');
}

/** Those of the day before yesterday and older: whatever clears old files away may have taken parts of them. */
async function sweep(folder: string, day: number): Promise<void> {
  const old = readdirSync(folder).filter((name) => Number(name.split('.')[0]) < day - 1);
  await Promise.all(old.map((name) => rm(join(folder, name), { recursive: true, force: true })));
}

/**
 * A folder with a migrated database to copy, made once a day for all test processes of this machine and never changed.
 * Other migrations, another engine or another Kysely get another folder; of two processes that make it at once, one wins.
 * @param make Fills the folder it is given, which does not exist yet.
 */
export async function engineTemplate(
  engine: { readonly name: string; readonly version: string },
  make: (folder: string) => Promise<void>,
): Promise<string> {
  const folder = templatesFolder();
  const day = Math.floor(Date.now() / DAY_MS);
  const template = join(folder, `${String(day)}.${engine.name}.${await keyOf(engine.version)}`);
  if (existsSync(template)) return template;
  await sweep(folder, day);
  const draft = join(folder, `${String(day)}.${randomUUID()}`);
  try {
    await make(draft);
    await rename(draft, template);
  } catch (error) {
    // A folder that is there and not empty: another process was sooner.
    if (!existsSync(template)) throw error;
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  return template;
}
