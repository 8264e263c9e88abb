import { join } from 'node:path';
import { LOCAL_AUDIENCE, REGIONS } from '@lumina/contracts';
import type { ProcessSpec } from './managed-process.ts';
import { PAGE_CLIENT_ID, common, fileAt, issuerOf, pageOrigins, urlOf } from './plan.ts';
import type { ServiceName, StackPlan } from './plan.ts';
import { LOCAL_REGION_IDS, portsOf } from './ports.ts';
import type { LocalRegionId } from './ports.ts';
import { tenantsOf } from './seeds/directory.ts';
import { EVENTS_STREAM, FACTS_STREAM } from './streams.ts';

export { SERVICE_NAMES, urlOf } from './plan.ts';
export type { ServiceName, StackPlan } from './plan.ts';

function idp(plan: StackPlan): ProcessSpec {
  const port = portsOf(plan.portBase).idp;
  return {
    name: 'idp',
    file: fileAt('local/idp/src/main.ts'),
    env: {
      ...common(port),
      LUMINA_IDP_ISSUER: issuerOf(plan),
      LUMINA_IDP_DIR: plan.folder.idp,
      LUMINA_PAGE_ORIGINS: pageOrigins(plan).join(','),
      LUMINA_IDP_MANAGEMENT_SECRET: plan.internalToken,
    },
    ready: { url: urlOf(port, '/readyz'), status: 'ok' },
  };
}

function timestream(plan: StackPlan): ProcessSpec {
  const port = portsOf(plan.portBase).timestream;
  return {
    name: 'timestream',
    file: fileAt('local/timestream/src/main.ts'),
    args: ['--port', String(port), '--data', plan.folder.timestream],
    env: common(port),
    ready: { url: urlOf(port), status: 'any' },
  };
}

function dynamodb(plan: StackPlan): ProcessSpec {
  const port = portsOf(plan.portBase).dynamodb;
  return {
    name: 'dynamodb',
    file: fileAt('local/stack/src/hosts/dynamodb.ts'),
    args: ['--port', String(port), '--data', plan.folder.dynamodb],
    env: { AWS_REGION: REGIONS[1].awsRegion },
    ready: { url: urlOf(port), status: 'any' },
  };
}

function kinesis(plan: StackPlan, regionId: LocalRegionId): ProcessSpec {
  const port = portsOf(plan.portBase).regions[regionId].kinesis;
  return {
    name: `kinesis-${String(regionId)}`,
    file: fileAt('local/stack/src/hosts/kinesis.ts'),
    args: ['--port', String(port), '--data', join(plan.folder.region(regionId), 'kinesis')],
    env: { AWS_REGION: REGIONS[regionId].awsRegion },
    ready: { url: urlOf(port), status: 'any' },
  };
}

function authEnv(plan: StackPlan): Record<string, string> {
  return { AUTH_ISSUER: issuerOf(plan), AUTH_AUDIENCE: LOCAL_AUDIENCE };
}

function regionalEnv(plan: StackPlan, regionId: LocalRegionId): Record<string, string> {
  const ports = portsOf(plan.portBase);
  return {
    ...common(ports.regions[regionId].bff),
    ...authEnv(plan),
    LUMINA_ROLE: 'regional',
    LUMINA_REGION_ID: String(regionId),
    LUMINA_CONFIG_DIR: join(plan.folder.region(regionId), 'config'),
    LUMINA_INTERNAL_TOKEN: plan.internalToken,
    AUTH_MANAGEMENT_CLIENT_ID: 'lumina-management',
    AUTH_MANAGEMENT_CLIENT_SECRET: plan.internalToken,
    TERRITORY_HASH_SECRET: plan.hashSecret,
    TIMESTREAM_ENDPOINT: urlOf(ports.timestream),
    TIMESTREAM_REGION: REGIONS[regionId].awsRegion,
    KINESIS_ENDPOINT: urlOf(ports.regions[regionId].kinesis),
    KINESIS_REGION: REGIONS[regionId].awsRegion,
    EVENTS_STREAM,
    FACTS_STREAM,
  };
}

/** A command of the BFF on the configuration of a region: migrate, or import with a file. */
export function bffCommand(
  plan: StackPlan,
  regionId: LocalRegionId,
  command: 'migrate' | 'import',
  args: readonly string[],
): ProcessSpec {
  return {
    name: `${command}-${String(regionId)}`,
    file: fileAt(`bff/src/cli/${command}.ts`),
    args,
    env: regionalEnv(plan, regionId),
  };
}

function bff(plan: StackPlan, regionId: LocalRegionId): ProcessSpec {
  const port = portsOf(plan.portBase).regions[regionId].bff;
  return {
    name: `bff-${String(regionId)}`,
    file: fileAt('bff/src/server.ts'),
    nodeOptions: ['--max-semi-space-size=8'],
    env: regionalEnv(plan, regionId),
    ready: { url: urlOf(port, '/readyz'), status: 'ok' },
  };
}

function distributor(plan: StackPlan): ProcessSpec {
  const ports = portsOf(plan.portBase);
  return {
    name: 'distributor',
    file: fileAt('bff/src/server.ts'),
    nodeOptions: ['--max-semi-space-size=8'],
    env: {
      ...common(ports.distributor),
      ...authEnv(plan),
      LUMINA_ROLE: 'distributor',
      LUMINA_INTERNAL_TOKEN: plan.internalToken,
      LUMINA_REGION_URLS: JSON.stringify({ 1: urlOf(ports.regions[1].bff), 2: urlOf(ports.regions[2].bff) }),
      LUMINA_STATIC_DIR: fileAt('examples/standalone/dist'),
      LUMINA_PAGE_CONFIG: JSON.stringify({
        apiUrl: urlOf(ports.distributor),
        auth0Domain: urlOf(ports.idp),
        auth0ClientId: PAGE_CLIENT_ID,
        auth0Audience: LOCAL_AUDIENCE,
      }),
      CORS_ORIGINS: pageOrigins(plan).join(','),
    },
    ready: { url: urlOf(ports.distributor, '/readyz'), status: 'ok' },
  };
}

function collector(plan: StackPlan, regionId: LocalRegionId): ProcessSpec {
  const ports = portsOf(plan.portBase).regions[regionId];
  return {
    name: `collector-${String(regionId)}`,
    file: fileAt('ingest/src/hosts/collector.ts'),
    env: {
      ...common(ports.collector),
      LUMINA_REGION_ID: String(regionId),
      KINESIS_ENDPOINT: urlOf(ports.kinesis),
      KINESIS_REGION: REGIONS[regionId].awsRegion,
      EVENTS_STREAM,
      INGEST_KEYS_URL: urlOf(ports.bff, '/internal/ingest-keys'),
      LUMINA_INTERNAL_TOKEN: plan.internalToken,
    },
    ready: { url: urlOf(ports.collector, '/readyz'), status: 'ok' },
  };
}

function worker(plan: StackPlan, regionId: LocalRegionId): ProcessSpec {
  const all = portsOf(plan.portBase);
  const ports = all.regions[regionId];
  const awsRegion = REGIONS[regionId].awsRegion;
  return {
    name: `worker-${String(regionId)}`,
    file: fileAt('ingest/src/hosts/worker.ts'),
    // As its image starts it: draining a backlog must not make it grow.
    nodeOptions: ['--max-semi-space-size=4'],
    env: {
      ...common(ports.worker),
      LUMINA_REGION_ID: String(regionId),
      KINESIS_ENDPOINT: urlOf(ports.kinesis),
      KINESIS_REGION: awsRegion,
      EVENTS_STREAM,
      FACTS_STREAM,
      TIMESTREAM_ENDPOINT: urlOf(all.timestream),
      TIMESTREAM_REGION: awsRegion,
      DYNAMODB_ENDPOINT: urlOf(all.dynamodb),
      DYNAMODB_REGION: awsRegion,
      LEASE_TABLE: `lumina-leases-region-${String(regionId)}`,
      WORKER_INSTANCE: `worker-${String(regionId)}`,
      DRAIN_MS: '3000',
      DLQ_DIR: join(plan.folder.region(regionId), 'dead-letters'),
      TERRITORY_HASH_SECRET: plan.hashSecret,
    },
    ready: { url: urlOf(ports.worker, '/readyz'), status: 'ok' },
  };
}

function simulator(plan: StackPlan): ProcessSpec {
  const ports = portsOf(plan.portBase);
  const targets = LOCAL_REGION_IDS.flatMap((regionId) =>
    tenantsOf(regionId).map(({ territoryId }) => ({
      territoryId,
      collectorUrl: urlOf(ports.regions[regionId].collector),
      key: plan.ingestKeys[regionId][String(territoryId)] ?? '',
    })),
  );
  return {
    name: 'simulator',
    file: fileAt('local/simulator/src/cli.ts'),
    env: { SIMULATOR_TARGETS: JSON.stringify(targets), ...simulatedWorld(plan) },
  };
}

/** The world that the traffic comes from: the one of the history just seeded, else a new one. */
function simulatedWorld({ freshHistory }: StackPlan): Record<string, string> {
  if (freshHistory === undefined) return { SIMULATOR_SEED: String(Math.floor(Date.now() / 1000)) };
  return {
    SIMULATOR_START_MS: String(freshHistory.toMs),
    SIMULATOR_WORLD_START_MS: String(freshHistory.worldStartMs),
  };
}

/** Writes the planned past into the stores of all regions. */
export function historySpec(plan: StackPlan): ProcessSpec {
  return {
    name: 'history',
    file: fileAt('local/stack/src/seeds/history-main.ts'),
    args: ['--data', plan.folder.root, '--port-base', String(plan.portBase)],
    env: { AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local', TERRITORY_HASH_SECRET: plan.hashSecret },
  };
}

function describe(plan: StackPlan, name: ServiceName): ProcessSpec {
  const regionId: LocalRegionId = name.endsWith('-2') ? 2 : 1;
  switch (name) {
    case 'idp':
      return idp(plan);
    case 'timestream':
      return timestream(plan);
    case 'dynamodb':
      return dynamodb(plan);
    case 'distributor':
      return distributor(plan);
    case 'simulator':
      return simulator(plan);
    case 'kinesis-1':
    case 'kinesis-2':
      return kinesis(plan, regionId);
    case 'bff-1':
    case 'bff-2':
      return bff(plan, regionId);
    case 'collector-1':
    case 'collector-2':
      return collector(plan, regionId);
    case 'worker-1':
    case 'worker-2':
      return worker(plan, regionId);
  }
}

/** How a piece is started under a plan. */
export function specOf(plan: StackPlan, name: ServiceName): ProcessSpec {
  const spec = describe(plan, name);
  const extra = plan.extraEnv?.[name];
  return extra === undefined ? spec : { ...spec, env: { ...spec.env, ...extra } };
}
