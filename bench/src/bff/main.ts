// `npm run bench:bff`: what the distributor costs beside a bare proxy, and what many viewers cost both roles.
import { report } from '../report.ts';
import { measureDistributor } from './distributor.ts';
import { measureStreams } from './streams.ts';

const distributor = await measureDistributor();
const streams = await measureStreams();

report('bff', {
  ratios: {
    distributorCpuVsUndici: distributor.cpuRatio,
    distributorAddedP50Ms: distributor.addedP50Ms,
    sse2000CorePct: Math.max(streams.region.corePct, streams.distributor.corePct),
    sse2000RssMb: Math.max(streams.region.rssMb, streams.distributor.rssMb),
  },
  medians: {
    distributorCpuMsPerRequest: distributor.cpuMsPerRequest,
    regionSseCorePct: streams.region.corePct,
    regionSseRssMb: streams.region.rssMb,
    regionSseBytesPerSecond: streams.region.bytesPerViewerAndSecond,
    distributorSseCorePct: streams.distributor.corePct,
    distributorSseRssMb: streams.distributor.rssMb,
    distributorSseBytesPerSecond: streams.distributor.bytesPerViewerAndSecond,
  },
});
