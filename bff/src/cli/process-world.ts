import type { CliWorld } from './run.ts';

/** The environment and the terminal of this process. */
export function processWorld(): CliWorld {
  return {
    environment: process.env,
    say: (text) => process.stdout.write(`${text}\n`),
    complain: (text) => process.stderr.write(`${text}\n`),
  };
}
