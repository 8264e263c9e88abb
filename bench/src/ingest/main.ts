// `npm run bench:ingest [-- --outage-seconds 20]`: the core beside JSON.parse, the function beside the original
// product's, and a worker through an outage of its store.
import { parseArgs } from 'node:util';
import { report } from '../report.ts';
import { measureCore } from './core.ts';
import { measureLambda } from './lambda.ts';
import { measureOutage } from './outage.ts';

const DEFAULT_OUTAGE_SECONDS = 180;

const { values } = parseArgs({ options: { 'outage-seconds': { type: 'string' } } });
const outageSeconds = Number(values['outage-seconds'] ?? DEFAULT_OUTAGE_SECONDS);
if (!(outageSeconds > 0)) throw new Error('--outage-seconds must be a number above 0.');
// The servers of the bench ask nobody who they are.
process.env['AWS_ACCESS_KEY_ID'] ??= 'local';
process.env['AWS_SECRET_ACCESS_KEY'] ??= 'local';

const { coreVsJsonParse, ...core } = measureCore();
const { lambdaVsNaive, ...lambda } = await measureLambda();
const { outageRssMb, drainVsArrival, ...outage } = await measureOutage(outageSeconds * 1000);
report('ingest', {
  ratios: { coreVsJsonParse, lambdaVsNaive, outageRssMb, drainVsArrival },
  medians: { ...core, ...lambda, ...outage, outageSeconds },
});
