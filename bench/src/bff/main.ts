// `npm run bench:bff`: what viewers cost the store, beside a page that asks for each widget by itself; what the distributor
// costs beside a bare proxy; and what many streams cost both roles. Parts can be named: `npm run bench:bff -- streams`.
import { report } from '../report.ts';
import type { BenchResult } from '../report.ts';
import { boardOf } from './boards.ts';
import { measureDistributor } from './distributor.ts';
import { measureLive } from './live-cost.ts';
import { startSimulatedRegion } from './simulated-region.ts';
import type { SimulatedRegion } from './simulated-region.ts';
import { measureCold, measureViewers } from './store-cost.ts';
import type { StoreCost } from './store-cost.ts';
import { measureStreams } from './streams.ts';

const DASHBOARDS = 50;

const queriesOf = ({ queries, naiveQueries }: StoreCost): number => queries / naiveQueries;
const rowsOf = ({ rows, naiveRows }: StoreCost): number => rows / naiveRows;

async function withRegion(measure: (region: SimulatedRegion) => Promise<BenchResult>): Promise<BenchResult> {
  const region = await startSimulatedRegion();
  try {
    return await measure(region);
  } finally {
    await region.close();
  }
}

const viewers = (): Promise<BenchResult> =>
  withRegion(async (region) => {
    const many = Array.from({ length: DASHBOARDS }, (_, index) => {
      const queueId = region.queueIds[index % region.queueIds.length] ?? '';
      const other =
        region.queueIds[(index + 1 + Math.floor(index / region.queueIds.length)) % region.queueIds.length] ?? '';
      return boardOf(index % 2 === 0 ? '1h' : '24h', index % 2 === 0 ? '1m' : '5m', [
        { dim: 'queue_id', op: 'in', values: [...new Set([queueId, other])] },
      ]);
    });
    const cold = await measureCold(region);
    const oneViewer = await measureViewers(region, 1, [boardOf('1h', '1m')], 60);
    const twentyViewers = await measureViewers(region, 20, [boardOf('24h', '5m')], 5);
    const twoHundred = await measureViewers(region, 200, many, 5);
    return {
      ratios: {
        queries20v24h: queriesOf(twentyViewers),
        rows20v24h: rowsOf(twentyViewers),
        queries1v1h: queriesOf(oneViewer),
        rows1v1h: rowsOf(oneViewer),
        queries200v50d: queriesOf(twoHundred),
        coldScansPerPlan: cold,
      },
      medians: {},
    };
  });

const live = (): Promise<BenchResult> =>
  withRegion(async (region) => {
    const live60 = await measureLive(region, 60);
    const live600 = await measureLive(region, 600);
    return {
      ratios: { queriesPerViewerHour60: live60 / 60, queries600Vs60: live600 / live60 },
      medians: { liveQueriesPerHour60: live60, liveQueriesPerHour600: live600 },
    };
  });

async function distributor(): Promise<BenchResult> {
  const { cpuRatio, addedP50Ms, cpuMsPerRequest } = await measureDistributor();
  return {
    ratios: { distributorCpuVsUndici: cpuRatio, distributorAddedP50Ms: addedP50Ms },
    medians: { distributorCpuMsPerRequest: cpuMsPerRequest },
  };
}

async function streams(): Promise<BenchResult> {
  const measured = await measureStreams();
  return {
    ratios: {
      sse2000CorePct: Math.max(measured.region.corePct, measured.distributor.corePct),
      sse2000RssMb: Math.max(measured.region.rssMb, measured.distributor.rssMb),
    },
    medians: {
      regionSseCorePct: measured.region.corePct,
      regionSseRssMb: measured.region.rssMb,
      regionSseBytesPerSecond: measured.region.bytesPerViewerAndSecond,
      distributorSseCorePct: measured.distributor.corePct,
      distributorSseRssMb: measured.distributor.rssMb,
      distributorSseBytesPerSecond: measured.distributor.bytesPerViewerAndSecond,
    },
  };
}

const PARTS: Readonly<Record<string, () => Promise<BenchResult>>> = { viewers, live, distributor, streams };

const named = process.argv.slice(2);
const unknown = named.filter((name) => !Object.hasOwn(PARTS, name));
if (unknown.length > 0) {
  console.error(`There is no part ${unknown.join(', ')}; the parts are ${Object.keys(PARTS).join(', ')}.`);
  process.exit(2);
}

const found = { ratios: {}, medians: {} };
for (const [name, measure] of Object.entries(PARTS)) {
  if (named.length > 0 && !named.includes(name)) continue;
  const startedMs = performance.now();
  console.error(`${name}: measuring`);
  const { ratios, medians } = await measure();
  Object.assign(found.ratios, ratios);
  Object.assign(found.medians, medians);
  console.error(`${name}: ${((performance.now() - startedMs) / 1_000).toFixed(0)} s ${JSON.stringify(ratios)}`);
}
report('bff', found);
