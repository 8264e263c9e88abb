import { setPriority } from 'node:os';
import { parseArgs } from 'node:util';
import { REGIONS } from '@lumina/contracts';
import { createFactStore, createKinesisStream, createStreamLiveTail } from '@lumina/ingest';
import { holdLifeline } from '../hosts/lifeline.ts';
import { urlOf } from '../plan.ts';
import { LOCAL_REGION_IDS, portsOf } from '../ports.ts';
import type { LocalRegionId } from '../ports.ts';
import { FACTS_STREAM } from '../streams.ts';
import { tenantsOf } from './directory.ts';
import { readHistoryPlan } from './history-plan.ts';
import type { HistoryPlan } from './history-plan.ts';
import { seedHistory } from './history.ts';

const { values } = parseArgs({ options: { data: { type: 'string' }, 'port-base': { type: 'string' } } });
const plan = values.data === undefined ? undefined : readHistoryPlan(values.data);
if (plan === undefined || values['port-base'] === undefined) {
  throw new Error('arguments_invalid: give --data FOLDER, in which a history is planned, and --port-base PORT');
}

const ports = portsOf(Number(values['port-base']));

// Live traffic and people come first.
setPriority(10);

// What is half written is repeated by the next start, with the same plan.
holdLifeline(() => Promise.resolve());

async function seedRegion(regionId: LocalRegionId, past: HistoryPlan): Promise<void> {
  const region = REGIONS[regionId].awsRegion;
  const store = createFactStore({ region, endpoint: urlOf(ports.timestream) });
  const tail = createStreamLiveTail(
    createKinesisStream({ region, endpoint: urlOf(ports.regions[regionId].kinesis), stream: FACTS_STREAM }),
  );
  await Promise.all([store.ensureTables(), tail.ensure()]);
  for (const territory of tenantsOf(regionId)) {
    const startedMs = Date.now();
    const counts = await seedHistory(territory, past, { store, tail }, process.env['TERRITORY_HASH_SECRET'] ?? '');
    const seconds = (Date.now() - startedMs) / 1000;
    const line = { level: 'info', msg: 'history_seeded', territoryId: territory.territoryId, seconds, ...counts };
    process.stdout.write(`${JSON.stringify(line)}\n`);
  }
  store.close();
  tail.close();
}

await Promise.all(LOCAL_REGION_IDS.map((regionId) => seedRegion(regionId, plan)));
process.exit(0);
