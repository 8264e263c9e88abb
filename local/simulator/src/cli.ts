import { setTimeout as sleep } from 'node:timers/promises';
import { readConfig, SimulatorConfigError } from './live/config.ts';
import type { SimulatorConfig } from './live/config.ts';
import { runLive } from './live/run-live.ts';
import { Sender } from './live/sender.ts';
import type { SenderOptions } from './live/sender.ts';
import { createSimulation } from './simulation.ts';

const DRAIN_MS = 3_000;

const log: SenderOptions['log'] = (level, message, fields) => {
  process.stdout.write(
    `${JSON.stringify({ level, time: new Date().toISOString(), name: 'simulator', msg: message, ...fields })}\n`,
  );
};

const readConfigOrExit = (): SimulatorConfig => {
  try {
    return readConfig(process.env, Date.now());
  } catch (error) {
    if (!(error instanceof SimulatorConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
};

const config = readConfigOrExit();
const stop = new AbortController();
const senders = new Map(config.targets.map((target) => [target.territoryId, new Sender({ target, log })]));
const end = (): void => {
  if (stop.signal.aborted) return;
  stop.abort();
  setTimeout(() => {
    for (const sender of senders.values()) sender.stop();
  }, DRAIN_MS).unref();
};
process.on('SIGINT', end);
process.on('SIGTERM', end);
process.on('disconnect', end);

const simulation = createSimulation({
  seed: config.seed,
  rate: config.rate,
  startMs: config.startMs,
  endMs: Infinity,
  territories: [...senders.keys()],
  isRecording: false,
  ...(config.worldStartMs === null ? {} : { worldStartMs: config.worldStartMs }),
});
log('info', 'simulator ready', { territories: [...senders.keys()], rate: config.rate, seed: config.seed });
await runLive({
  deliveries: simulation,
  senders,
  now: Date.now,
  wait: async (ms) => {
    await sleep(ms);
  },
  signal: stop.signal,
});
log('info', 'simulator ended', {
  counts: Object.fromEntries([...senders].map(([territoryId, { counts }]) => [territoryId, counts])),
});
if (process.connected) process.disconnect();
