import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { dataFolderAt } from '../data-folder.ts';
import { LOCAL_REGION_IDS, portsOf } from '../ports.ts';
import { tenantsOf } from '../seeds/directory.ts';
import { readIngestKeys } from '../seeds/ingest-keys.ts';
import { urlOf } from '../services.ts';
import { readStackSettings } from '../settings.ts';

const root = fileURLToPath(new URL('../../../..', import.meta.url));
const { dataDir, portBase } = readStackSettings(process.env, [], root);
const targets = LOCAL_REGION_IDS.flatMap((regionId) => {
  const keys = readIngestKeys(dataFolderAt(dataDir).region(regionId)) ?? {};
  const collectorUrl = urlOf(portsOf(portBase).regions[regionId].collector);
  return tenantsOf(regionId).flatMap(({ territoryId }) => {
    const key = keys[String(territoryId)];
    return key === undefined ? [] : [{ territoryId, collectorUrl, key }];
  });
});

if (targets.length === 0) {
  process.stderr.write(`There are no ingest keys under ${dataDir}: run npm start -- --no-simulator first.\n`);
  process.exitCode = 1;
} else {
  const simulator = spawn(
    process.execPath,
    [fileURLToPath(new URL('../../../simulator/src/cli.ts', import.meta.url))],
    {
      env: {
        SIMULATOR_SEED: String(Math.floor(Date.now() / 1000)),
        ...process.env,
        SIMULATOR_TARGETS: JSON.stringify(targets),
      },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    },
  );
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => simulator.kill(signal));
  process.on('disconnect', () => simulator.kill('SIGTERM'));
  simulator.once('exit', (code) => process.exit(code ?? 1));
}
