import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { storesOf } from '../../../compose/stores.ts';
import type { StoreConfig } from '../../../config.ts';
import type { ConfigStore } from '../../../config-store/config-store.ts';
import type { Clock } from '../../../live/index.ts';
import { systemClock } from '../../../live/index.ts';
import type { LocalIssuer } from '../../../testing/local-issuer.ts';
import { createMetricsFeature } from '../../metrics/index.ts';
import type { LocalStore } from '../../metrics/testing/local-store.ts';
import { createSettingsSource } from '../../settings/index.ts';
import { createAlertsFeature } from '../index.ts';

/** One of several processes that evaluate and deliver over one store. */
export interface Replica {
  /** Whether it is the one that does. */
  readonly holdsLease: () => Promise<boolean>;
  /** Ends it without a word, in the middle of whatever it does. */
  readonly kill: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** What replicas share. */
export interface ReplicaSurroundings {
  readonly config: StoreConfig;
  readonly store: ConfigStore;
  readonly timestream: LocalStore;
  readonly issuer: LocalIssuer;
  readonly allowedHost: string;
}

const SERVER = fileURLToPath(new URL('../../../server.ts', import.meta.url));
const HELD = /^lumina_alerts_lease_held 1$/m;

/** A process of its own over a database server; over the embedded store, which has no room for two, a part of this one. */
export function startReplica(around: ReplicaSurroundings): Promise<Replica> {
  return around.config.kind === 'postgres' ? startProcess(around, around.config.url) : startInside(around);
}

async function startProcess(
  { timestream, issuer, allowedHost }: ReplicaSurroundings,
  databaseUrl: string,
): Promise<Replica> {
  const child = fork(SERVER, {
    env: {
      PATH: process.env['PATH'] ?? '',
      PORT: '0',
      LUMINA_ROLE: 'regional',
      LUMINA_REGION_ID: '1',
      AUTH_ISSUER: issuer.issuer,
      AUTH_JWKS_URL: issuer.jwksUrl,
      DATABASE_URL: databaseUrl,
      TIMESTREAM_REGION: 'eu-west-1',
      TIMESTREAM_ENDPOINT: timestream.url,
      WEBHOOK_ALLOWED_HOSTS: allowedHost,
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
    },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  assert.ok(child.stdout);
  const hasEnded = once(child, 'exit');
  let url: string | undefined;
  for await (const line of createInterface({ input: child.stdout })) {
    const entry = JSON.parse(line) as { msg?: string; port?: number };
    if (entry.msg !== 'ready') continue;
    url = `http://127.0.0.1:${String(entry.port)}`;
    break;
  }
  assert.ok(url !== undefined, 'The process ended before it was ready.');
  child.stdout.resume();
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    child.kill(signal);
    await hasEnded;
  };
  return {
    holdsLease: async () => HELD.test(await (await fetch(`${url}/metrics`)).text()),
    kill: () => end('SIGKILL'),
    close: () => end('SIGTERM'),
  };
}

function startInside({ store, timestream, allowedHost }: ReplicaSurroundings): Promise<Replica> {
  let isDead = false;
  // Whoever is dead takes no further step, and gives nothing back.
  const clock: Clock = {
    now: systemClock.now,
    after: (delayMs, run) =>
      systemClock.after(delayMs, () => {
        if (!isDead) run();
      }),
  };
  const dying: ConfigStore = {
    ...store,
    withTenant: (...asked) => (isDead ? new Promise(() => undefined) : store.withTenant(...asked)),
    withRole: (...asked) => (isDead ? new Promise(() => undefined) : store.withRole(...asked)),
  };
  const registry = new Registry();
  const metrics = createMetricsFeature({ store: timestream.store, directory: storesOf(store).directory });
  const alerts = createAlertsFeature({
    store: dying,
    answers: metrics.service,
    settings: createSettingsSource(storesOf(store).settings),
    regionId: 1,
    registry,
    allowedHosts: new Set([allowedHost]),
    onFailure: (error) => {
      pino().error({ err: error }, 'a replica failed');
    },
    clock,
  });
  alerts.start();
  return Promise.resolve({
    holdsLease: async () => HELD.test(await registry.metrics()),
    kill: () => {
      isDead = true;
      return Promise.resolve();
    },
    close: () => (isDead ? Promise.resolve() : alerts.close()),
  });
}
