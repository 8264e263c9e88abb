import { processWorld } from './process-world.ts';
import { runCli } from './run.ts';

process.exitCode = await runCli(process.argv.slice(2), processWorld());
