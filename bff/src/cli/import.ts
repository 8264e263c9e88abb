import { processWorld } from './process-world.ts';
import { runCli } from './run.ts';

process.exitCode = await runCli(['import', ...process.argv.slice(2)], processWorld());
