// `npm run bench:bff`: what viewers cost the store, beside a page that asks for each widget by itself; what the distributor
// costs beside a bare proxy; and what many streams cost both roles.
import { report } from '../report.ts';
import { boardOf } from './boards.ts';
import { measureDistributor } from './distributor.ts';
import { measureLive } from './live-cost.ts';
import { startSimulatedRegion } from './simulated-region.ts';
import { measureCold, measureViewers } from './store-cost.ts';
import type { StoreCost } from './store-cost.ts';
import { measureStreams } from './streams.ts';

const DASHBOARDS = 50;

const queriesOf = ({ queries, naiveQueries }: StoreCost): number => queries / naiveQueries;
const rowsOf = ({ rows, naiveRows }: StoreCost): number => rows / naiveRows;

const region = await startSimulatedRegion();
const day = boardOf('24h', '5m');
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
const twentyViewers = await measureViewers(region, 20, [day], 5);
const twoHundred = await measureViewers(region, 200, many, 5);
const live60 = await measureLive(region, 60);
const live600 = await measureLive(region, 600);
await region.close();
const distributor = await measureDistributor();
const streams = await measureStreams();

report('bff', {
  ratios: {
    queries20v24h: queriesOf(twentyViewers),
    rows20v24h: rowsOf(twentyViewers),
    queries1v1h: queriesOf(oneViewer),
    rows1v1h: rowsOf(oneViewer),
    queries200v50d: queriesOf(twoHundred),
    queriesPerViewerHour60: live60 / 60,
    queries600Vs60: live600 / live60,
    coldScansPerPlan: cold,
    distributorCpuVsUndici: distributor.cpuRatio,
    distributorAddedP50Ms: distributor.addedP50Ms,
    sse2000CorePct: Math.max(streams.region.corePct, streams.distributor.corePct),
    sse2000RssMb: Math.max(streams.region.rssMb, streams.distributor.rssMb),
  },
  medians: {
    liveQueriesPerHour60: live60,
    liveQueriesPerHour600: live600,
    distributorCpuMsPerRequest: distributor.cpuMsPerRequest,
    regionSseCorePct: streams.region.corePct,
    regionSseRssMb: streams.region.rssMb,
    regionSseBytesPerSecond: streams.region.bytesPerViewerAndSecond,
    distributorSseCorePct: streams.distributor.corePct,
    distributorSseRssMb: streams.distributor.rssMb,
    distributorSseBytesPerSecond: streams.distributor.bytesPerViewerAndSecond,
  },
});
