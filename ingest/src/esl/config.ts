import { isAbsolute } from 'node:path';

import { commonOf, tenantVariablesOf, type CommonConfig } from '../config.ts';
import type { TenantVariables } from '../core/sources/freeswitch-whitelist.ts';
import { SettingReader, type Environment } from '../setting-reader.ts';
import { ESL_SETTINGS } from '../settings.ts';
import { MAX_PARTS } from './parts.ts';
import type { TerritoryMap } from './territories.ts';

/** Kinds of snapshots that a forwarder can own. */
export const SNAPSHOT_KINDS = ['queues', 'agents', 'calls', 'trunks'] as const;
/** One kind. */
export type SnapshotKind = (typeof SNAPSHOT_KINDS)[number];

/** A trunk: its channels are those whose name begins with `prefix`. */
export interface Trunk {
  readonly trunkId: string;
  readonly territoryId: number;
  readonly capacity: number;
  readonly prefix: string;
}

/** The forwarder's settings, checked. */
export interface EslConfig extends CommonConfig {
  readonly eslHost: string;
  readonly eslPort: number;
  readonly password: string;
  readonly silenceLimitMs: number;
  readonly territories: TerritoryMap;
  readonly tenantVariables: TenantVariables;
  readonly snapshots: ReadonlySet<SnapshotKind>;
  readonly intervalMs: number;
  readonly partPrefix: string;
  readonly parts: number;
  readonly trunks: readonly Trunk[];
  readonly teams: ReadonlyMap<string, string>;
  readonly spillFolder: string;
  readonly memoryBytes: number;
  readonly spillBytes: number;
}

const MAX_TERRITORY_ID = 2_147_483_647;

function isTerritoryId(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value <= MAX_TERRITORY_ID;
}

function objectOf(reader: SettingReader, name: string): [string, unknown][] {
  const text = reader.text(name);
  try {
    const value: unknown = JSON.parse(text === '' ? '{}' : text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return Object.entries(value);
  } catch {
    // Said below, as any other text that is no object.
  }
  reader.problems.push(`${name} must be a JSON object.`);
  return [];
}

function territoriesOf(reader: SettingReader): TerritoryMap {
  const text = reader.text('ESL_TERRITORY_ID');
  const fallback = text === '' ? undefined : Number(text);
  if (fallback !== undefined && !(/^\d{1,10}$/.test(text) && isTerritoryId(fallback))) {
    reader.problems.push('ESL_TERRITORY_ID must be a territory id.');
  }
  const domains = new Map<string, number>();
  for (const [domain, value] of objectOf(reader, 'ESL_DOMAINS')) {
    const territory = typeof value === 'string' && /^\d{1,10}$/.test(value) ? Number(value) : value;
    if (isTerritoryId(territory)) domains.set(domain.toLowerCase(), territory);
    else reader.problems.push(`ESL_DOMAINS: ${domain} must have a territory id.`);
  }
  if (fallback === undefined && domains.size === 0) {
    reader.problems.push('Set ESL_TERRITORY_ID, or ESL_DOMAINS, or both: else nothing is anybody’s.');
  }
  return { fallback, domains };
}

function snapshotsOf(reader: SettingReader): Set<SnapshotKind> {
  const kinds = new Set<SnapshotKind>();
  for (const word of reader.text('ESL_SNAPSHOTS').split(',')) {
    const name = word.trim();
    const kind = SNAPSHOT_KINDS.find((one) => one === name);
    if (kind !== undefined) kinds.add(kind);
    else if (name !== '' && name !== 'none') {
      reader.problems.push(`ESL_SNAPSHOTS: ${name} is none of ${SNAPSHOT_KINDS.join(', ')}, none.`);
    }
  }
  return kinds;
}

function trunkOf(reader: SettingReader, trunkId: string, value: unknown, fallback: number | undefined): Trunk[] {
  const {
    capacity,
    territoryId = fallback,
    prefix = `sofia/gateway/${trunkId}/`,
  } = (typeof value === 'object' && value !== null ? value : { capacity: value }) as {
    capacity?: unknown;
    territoryId?: unknown;
    prefix?: unknown;
  };
  const isCapacity = typeof capacity === 'number' && Number.isSafeInteger(capacity) && capacity >= 0;
  if (isCapacity && isTerritoryId(territoryId) && typeof prefix === 'string' && prefix !== '') {
    return [{ trunkId, territoryId, capacity, prefix }];
  }
  reader.problems.push(`ESL_TRUNKS: ${trunkId} needs a capacity, and a territoryId where ESL_TERRITORY_ID is not set.`);
  return [];
}

function teamsOf(reader: SettingReader): Map<string, string> {
  const teams = new Map<string, string>();
  for (const [agent, team] of objectOf(reader, 'ESL_TEAMS')) {
    if (typeof team === 'string' && team !== '') teams.set(agent, team);
    else reader.problems.push(`ESL_TEAMS: ${agent} must have the id of a team.`);
  }
  return teams;
}

function within(reader: SettingReader, name: string, least: number, most: number): number {
  const value = reader.integer(name, most);
  if (value < least) reader.problems.push(`${name} must be at least ${String(least)}.`);
  return value;
}

/** Reads the forwarder's settings; every bad one is reported at once. */
export function readEslConfig(environment: Environment = process.env): EslConfig {
  const reader = new SettingReader(environment, ESL_SETTINGS);
  const territories = territoriesOf(reader);
  const spillFolder = reader.text('ESL_SPILL_DIR');
  if (spillFolder !== '' && !isAbsolute(spillFolder)) reader.problems.push('ESL_SPILL_DIR must be an absolute path.');
  const password = reader.text('ESL_PASSWORD');
  if (/[\r\n]/.test(password)) reader.problems.push('ESL_PASSWORD must be one line.');
  const config = {
    ...commonOf(reader),
    eslHost: reader.text('ESL_HOST'),
    eslPort: reader.integer('ESL_PORT', 65_535),
    password,
    silenceLimitMs: within(reader, 'ESL_SILENCE_LIMIT_MS', 1000, 3_600_000),
    territories,
    tenantVariables: tenantVariablesOf(reader),
    snapshots: snapshotsOf(reader),
    intervalMs: within(reader, 'ESL_SNAPSHOT_INTERVAL_MS', 1000, 3_600_000),
    partPrefix: reader.text('ESL_SNAPSHOT_PART'),
    parts: within(reader, 'ESL_SNAPSHOT_PARTS', 1, MAX_PARTS),
    trunks: objectOf(reader, 'ESL_TRUNKS').flatMap(([trunkId, value]) =>
      trunkOf(reader, trunkId, value, territories.fallback),
    ),
    teams: teamsOf(reader),
    spillFolder,
    memoryBytes: within(reader, 'ESL_MEMORY_BYTES', 1_048_576, 999_999_999),
    spillBytes: within(reader, 'ESL_SPILL_BYTES', 1_048_576, 999_999_999),
  };
  reader.finish();
  return config;
}
