import { systemClock } from '../ports/clock.ts';
import { runCli } from './run.ts';
import { processTerminal } from './terminal.ts';

/** A terminal and npm both pass on one and the same Ctrl-C; a second one comes later. */
const ONE_SIGNAL_MS = 500;
const INTERRUPTED = 130;

const stopping = new AbortController();
const args = process.argv.slice(2);
let stoppedMs = 0;

function stop(): void {
  if (stopping.signal.aborted && performance.now() - stoppedMs > ONE_SIGNAL_MS) process.exit(INTERRUPTED);
  if (!stopping.signal.aborted) stoppedMs = performance.now();
  stopping.abort();
}

// Only a replay has something in hand that it had better finish; a second signal ends that too.
if (args.includes('replay')) process.on('SIGINT', stop).on('SIGTERM', stop);
process.exitCode = await runCli(args, {
  environment: process.env,
  terminal: processTerminal(),
  nowMs: () => systemClock.nowMs(),
  stopping: stopping.signal,
});
