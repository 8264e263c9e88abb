import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import type { DataFolder } from './data-folder.ts';
import { LOCAL_REGION_IDS, LOOPBACK, portsOf } from './ports.ts';
import type { LocalRegionId } from './ports.ts';
import type { HistoryPlan } from './seeds/history-plan.ts';
import type { IngestKeys } from './seeds/ingest-keys.ts';

/** The names of the long-running pieces. */
export type ServiceName =
  | 'idp'
  | 'timestream'
  | 'dynamodb'
  | 'distributor'
  | 'simulator'
  | `${'kinesis' | 'bff' | 'collector' | 'worker'}-${LocalRegionId}`;

/** Every long-running piece. */
export const SERVICE_NAMES: readonly ServiceName[] = [
  'idp',
  'timestream',
  'dynamodb',
  ...LOCAL_REGION_IDS.flatMap((id): ServiceName[] => [`kinesis-${id}`, `bff-${id}`, `collector-${id}`, `worker-${id}`]),
  'distributor',
  'simulator',
];

/** What every description of a process is made from. */
export interface StackPlan {
  readonly portBase: number;
  readonly folder: DataFolder;
  /** Lets the collectors read the hashes of the ingest keys; new at every start. */
  readonly internalToken: string;
  /** The key of the hashes that stand for personal ids; the same at every start. */
  readonly hashSecret: string;
  readonly ingestKeys: Readonly<Record<LocalRegionId, IngestKeys>>;
  /** The history that is seeded by this start, for the traffic to continue. */
  readonly freshHistory?: HistoryPlan;
  /** Extra environment by piece, for fault tests. */
  readonly extraEnv?: Readonly<Partial<Record<ServiceName, Readonly<Record<string, string>>>>>;
}

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
/** A file of this repository. */
export const fileAt = (path: string): string => join(ROOT, path);

/** The address of a port on this machine. */
export const urlOf = (port: number, path = ''): string => `http://${LOOPBACK}:${String(port)}${path}`;

/** The client id under which the standalone page logs in. */
export const PAGE_CLIENT_ID = 'lumina-standalone';
/** Where `npm run dev` serves the page. */
const VITE_ORIGINS = ['http://127.0.0.1:5173', 'http://localhost:5173'];

/** What every service is told. */
export function common(port: number): Record<string, string> {
  return {
    HOST: LOOPBACK,
    PORT: String(port),
    LOG_LEVEL: process.env['LOG_LEVEL'] ?? 'info',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_EC2_METADATA_DISABLED: 'true',
  };
}

/** The issuer of the tokens of a stack. */
export const issuerOf = (plan: StackPlan): string => urlOf(portsOf(plan.portBase).idp, '/');

/** The origins of the pages that may log in and call the API. */
export function pageOrigins(plan: StackPlan): string[] {
  return [urlOf(plan.portBase), `http://localhost:${String(plan.portBase)}`, ...VITE_ORIGINS];
}
