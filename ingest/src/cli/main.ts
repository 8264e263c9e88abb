import { systemClock } from '../ports/clock.ts';
import { runCli } from './run.ts';
import { processTerminal } from './terminal.ts';

const stopping = new AbortController();
const args = process.argv.slice(2);
// Only a replay has something in hand that it had better finish; the second signal ends that too.
for (const signal of args.includes('replay') ? (['SIGINT', 'SIGTERM'] as const) : []) {
  process.once(signal, () => {
    stopping.abort();
  });
}
process.exitCode = await runCli(args, {
  environment: process.env,
  terminal: processTerminal(),
  nowMs: () => systemClock.nowMs(),
  stopping: stopping.signal,
});
