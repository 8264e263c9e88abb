import { setPriority } from 'node:os';
import { parseArgs } from 'node:util';
import { REGIONS } from '@lumina/contracts';
import { createFactStore } from '@lumina/ingest';
import { holdLifeline } from '../hosts/lifeline.ts';
import { LOCAL_REGION_IDS } from '../ports.ts';
import type { LocalRegionId } from '../ports.ts';
import { tenantsOf } from './directory.ts';
import { readHistoryPlan } from './history-plan.ts';
import type { HistoryPlan } from './history-plan.ts';
import { seedHistory } from './history.ts';

const { values } = parseArgs({ options: { data: { type: 'string' }, timestream: { type: 'string' } } });
const plan = values.data === undefined ? undefined : readHistoryPlan(values.data);
if (plan === undefined || values.timestream === undefined) {
  throw new Error('arguments_invalid: give --data FOLDER, in which a history is planned, and --timestream URL');
}

// Live traffic and people come first.
setPriority(10);

// What is half written is repeated by the next start, with the same plan.
holdLifeline(() => Promise.resolve());

async function seedRegion(regionId: LocalRegionId, endpoint: string, past: HistoryPlan): Promise<void> {
  const store = createFactStore({ endpoint, region: REGIONS[regionId].awsRegion });
  await store.ensureTables();
  for (const territory of tenantsOf(regionId)) {
    const startedMs = Date.now();
    const counts = await seedHistory(territory, past, store, process.env['TERRITORY_HASH_SECRET'] ?? '');
    const seconds = (Date.now() - startedMs) / 1000;
    const line = { level: 'info', msg: 'history_seeded', territoryId: territory.territoryId, seconds, ...counts };
    process.stdout.write(`${JSON.stringify(line)}\n`);
  }
  store.close();
}

const endpoint = values.timestream;
await Promise.all(LOCAL_REGION_IDS.map((regionId) => seedRegion(regionId, endpoint, plan)));
process.exit(0);
