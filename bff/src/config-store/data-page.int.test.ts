import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import { sql } from 'kysely';
import { FACTS } from '@lumina/contracts';
import { embeddedEngine } from '../testing/config-engines.ts';
import type { ConfigEngine } from '../testing/config-engines.ts';
import { openConfigStore } from './config-store.ts';
import type { ConfigStore } from './config-store.ts';

const PAGE = new URL('../../../docs/data.md', import.meta.url);
const BUCKET = /^h\d\d$/;

/** Rows of the page's tables by their first cell: the cells after it. */
async function rowsOfPage(): Promise<ReadonlyMap<string, readonly string[]>> {
  const lines = (await readFile(PAGE, 'utf8')).split('\n');
  return new Map(
    lines.flatMap((line): [string, string[]][] => {
      const [, name, ...cells] = line.split('|').map((cell) => cell.trim());
      const id = /^`([\w.]+)`$/.exec(name ?? '')?.[1];
      return id === undefined ? [] : [[id, cells]];
    }),
  );
}

const namesIn = (cell = ''): string[] => [...cell.matchAll(/`(\w+)`/g)].map(([, name]) => name ?? '');
const sorted = (names: readonly string[]): string[] => [...names].sort();

describe('the page about data', () => {
  let engine: ConfigEngine;
  let store: ConfigStore;
  let page: ReadonlyMap<string, readonly string[]>;

  before(async () => {
    engine = await embeddedEngine();
    store = openConfigStore(engine.config);
    await store.migrate();
    page = await rowsOfPage();
  });
  after(async () => {
    await store.close();
    await engine.stop();
  });

  it('names every field of the configuration, its class and its lifetime', async () => {
    const tables = await store.withRole('lumina_app', async (transaction) => {
      const { rows } = await sql<{ name: string; fields: string[] }>`
        select c.relname as name, array_agg(a.attname::text) as fields
        from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
        where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace and c.relname not like 'kysely%'
        group by 1`.execute(transaction);
      return rows;
    });
    assert.ok(tables.length > 30, 'the schema is there');
    for (const { name, fields } of tables) {
      const [listed, kind, lifetime] = page.get(name) ?? [];
      assert.deepEqual(sorted(namesIn(listed)), sorted(fields), `the fields of ${name}`);
      assert.match(kind ?? '', /operational|pseudonymous|personal|secret/, `the class of ${name}`);
      assert.notEqual(lifetime ?? '', '', `the lifetime of ${name}`);
    }
  });

  it('names every field of the facts', () => {
    for (const [id, { dimensions, measures }] of Object.entries(FACTS)) {
      const [listedDimensions, listedMeasures] = page.get(id) ?? [];
      assert.deepEqual(sorted(namesIn(listedDimensions)), sorted(dimensions), `the dimensions of ${id}`);
      const plain = (names: readonly string[]): string[] => sorted(names.filter((name) => !BUCKET.test(name)));
      assert.deepEqual(plain(namesIn(listedMeasures)), plain(Object.keys(measures)), `the measures of ${id}`);
    }
  });
});
