import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where the pieces of a stack listen, counted from its base. */
const OFFSETS = { identity: 1, kinesis: 3, collector: 41 } as const;
const HIGHEST_OFFSET = 62;
const FIRST_BASE = 12_000;
const BASES = 18_000;
const ATTEMPTS = 50;
const START_TIMEOUT_MS = 180_000;
const VIEWER = 'viewer@uk.example';
/** The territory of the viewer, whose traffic runs too. */
export const TERRITORY_ID = 101;

/** A whole stack of its own, with a folder that vanishes with it. */
export interface BenchStack {
  readonly url: string;
  readonly collectorUrl: string;
  readonly kinesisUrl: string;
  readonly ingestKey: string;
  readonly token: () => Promise<string>;
  readonly stop: () => Promise<void>;
}

const fileAt = (path: string): string => fileURLToPath(new URL(`../../../${path}`, import.meta.url));

async function isFree(port: number): Promise<boolean> {
  const probe = createServer();
  try {
    probe.listen(port, '127.0.0.1');
    await once(probe, 'listening');
    return (probe.address() as AddressInfo).port === port;
  } catch {
    return false;
  } finally {
    probe.close();
  }
}

async function freeBase(): Promise<number> {
  const offsets = [0, 1, 2, 3, 4, 5, 21, 22, 41, 42, 61, HIGHEST_OFFSET];
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const base = FIRST_BASE + Math.floor(Math.random() * BASES);
    const free = await Promise.all(offsets.map((offset) => isFree(base + offset)));
    if (free.every((is) => is)) return base;
  }
  throw new Error('There is no free block of ports; end other programs.');
}

async function untilReady(child: ChildProcess): Promise<void> {
  const signal = AbortSignal.timeout(START_TIMEOUT_MS);
  let said = '';
  for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
    said += chunk.toString('utf8');
    if (said.includes('Lumina is ready')) return;
    signal.throwIfAborted();
  }
  throw new Error(`The stack did not start: ${said}`);
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
}

/** Starts the background: the simulated traffic of the territory, some events a second. */
function startTraffic(collectorUrl: string, key: string, rate: number): ChildProcess {
  return fork(fileAt('local/simulator/src/cli.ts'), {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: {
      ...process.env,
      SIMULATOR_TARGETS: JSON.stringify([{ territoryId: TERRITORY_ID, collectorUrl, key }]),
      SIMULATOR_RATE: String(rate),
      SIMULATOR_SEED: '1',
    },
  });
}

/** Starts a stack without history on free ports, and the traffic of one territory. */
export async function startBenchStack(rate: number): Promise<BenchStack> {
  const base = await freeBase();
  const folder = await mkdtemp(join(tmpdir(), 'lumina-bench-live-'));
  const urlAt = (offset: number): string => `http://127.0.0.1:${String(base + offset)}`;
  const stack = fork(fileAt('local/stack/src/main.ts'), ['--no-simulator'], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    env: { ...process.env, LUMINA_PORT_BASE: String(base), LUMINA_DATA_DIR: folder },
  });
  let traffic: ChildProcess | undefined;
  const stop = async (): Promise<void> => {
    if (traffic !== undefined) await end(traffic);
    await end(stack);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await untilReady(stack);
    stack.stdout?.resume();
    const keys = JSON.parse(await readFile(join(folder, 'region-1', 'ingest-keys.json'), 'utf8')) as Record<
      string,
      string
    >;
    const ingestKey = keys[String(TERRITORY_ID)] ?? '';
    const collectorUrl = urlAt(OFFSETS.collector);
    traffic = startTraffic(collectorUrl, ingestKey, rate);
    return {
      url: urlAt(0),
      collectorUrl,
      kinesisUrl: urlAt(OFFSETS.kinesis),
      ingestKey,
      token: () => tokenOf(urlAt(OFFSETS.identity)),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function tokenOf(identityUrl: string): Promise<string> {
  const reply = await fetch(`${identityUrl}/dev/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: VIEWER }),
  });
  return ((await reply.json()) as { readonly access_token: string }).access_token;
}
