import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { readStoreConfig } from '../config.ts';
import { openConfigStore } from '../config-store/config-store.ts';
import { importSeed, parseSeed } from '../config-store/import-seed.ts';

const { values } = parseArgs({ options: { file: { type: 'string' } } });
if (values.file === undefined) {
  process.stderr.write('Name the file: import.ts --file seed.json\n');
  process.exit(2);
}
const seed = parseSeed(JSON.parse(await readFile(values.file, 'utf8')) as unknown);
const store = openConfigStore(readStoreConfig(process.env));
try {
  await importSeed(store, seed);
  process.stdout.write(`Imported ${String(seed.territories.length)} territories.\n`);
} finally {
  await store.close();
}
