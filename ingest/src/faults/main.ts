// The proof of ingestion: real workers as processes, every fault there is, and exact totals in the end.
//
//   npm run test:faults                    a minute
//   npm run test:faults -- --long          soaks, many kills
//   npm run test:faults -- --only poison   the scenarios with this in their name
//   npm run test:faults -- --seed 7        other traffic, other moments
import { parseArgs } from 'node:util';

import '../testing/local-credentials.ts';
import { runFaults } from './run.ts';
import { killAllWorkers } from './worker-process.ts';

process.on('exit', killAllWorkers);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => process.exit(1));

const { values } = parseArgs({
  options: {
    long: { type: 'boolean', default: false },
    seed: { type: 'string', default: '1' },
    only: { type: 'string', default: '' },
  },
});
const { passed, failed } = await runFaults(
  { isLong: values.long, seed: Number(values.seed), only: values.only },
  (text) => process.stdout.write(text),
);
process.stdout.write(`${String(passed)} passed, ${String(failed)} failed\n`);
process.exit(failed === 0 ? 0 : 1);
