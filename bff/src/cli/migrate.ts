import { processWorld } from './process-world.ts';
import { runCli } from './run.ts';

process.exitCode = await runCli(['migrate', ...process.argv.slice(2)], processWorld());
