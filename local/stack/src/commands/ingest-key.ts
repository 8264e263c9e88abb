import { fileURLToPath } from 'node:url';
import { LOCAL_REGION_IDS } from '../ports.ts';
import { dataFolderAt } from '../data-folder.ts';
import { readIngestKeys } from '../seeds/ingest-keys.ts';
import { readStackSettings } from '../settings.ts';

const root = fileURLToPath(new URL('../../../..', import.meta.url));
const [territoryId = ''] = process.argv.slice(2);
const { dataDir } = readStackSettings(process.env, [], root);
const folder = dataFolderAt(dataDir);
const kept = LOCAL_REGION_IDS.map((id) => readIngestKeys(folder.region(id)) ?? {});
const key = kept.map((keys) => keys[territoryId]).find((found) => found !== undefined);

if (key === undefined) {
  const known = kept.flatMap((keys) => Object.keys(keys));
  const hint =
    known.length === 0
      ? `There are no keys under ${dataDir}: run npm start first.`
      : `Territory "${territoryId}" has no key here; these have: ${known.join(', ')}.`;
  process.stderr.write(`${hint}\n`);
  process.exitCode = 1;
} else {
  process.stdout.write(`${key}\n`);
}
