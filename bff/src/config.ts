import { CLAIM_NAMESPACE, LOCAL_AUDIENCE, isRegionId } from '@lumina/contracts';
import type { RegionId } from '@lumina/contracts';
import type { JWK } from 'jose';
import { parseKeySet, signingKeysOf } from './auth/issued/signing-keys.ts';
import { readSurface } from './http/surface-config.ts';
import type { SurfaceConfig } from './http/surface-config.ts';
import { firstBadRange } from './http/address-ranges.ts';
import { ConfigError, SettingReader, listOf } from './setting-reader.ts';
import type { Environment } from './setting-reader.ts';
import { readTracing } from './telemetry/tracing-config.ts';
import type { Auth0ManagementConfig } from './features/users/auth0-management.ts';
import type { TracingConfig } from './telemetry/tracing-config.ts';

export { ConfigError } from './setting-reader.ts';

/** A deployment's choice of what this process is. */
export type RoleConfig =
  | {
      readonly role: 'distributor';
      readonly regionUrls: ReadonlyMap<RegionId, string>;
      readonly upstreamTimeoutMs: number;
      readonly staticDir?: string;
      /** Served verbatim as `/config.json`. */
      readonly pageConfig: Readonly<Record<string, unknown>>;
      /** Absent: origins of registered clients are not learnt from the regions. */
      readonly internalToken?: string;
    }
  | {
      readonly role: 'regional';
      readonly regionId: RegionId;
      readonly store: StoreConfig;
      readonly timestream: { readonly region: string; readonly endpoint?: string };
      /** Absent: nothing is followed. */
      readonly liveTail?: { readonly region: string; readonly endpoint?: string; readonly stream: string };
      /** Absent: what pages report is only counted. */
      readonly platformEvents?: { readonly region: string; readonly endpoint?: string; readonly stream: string };
      readonly queries: QueryLimits;
      /** Secret under which ingestion makes pseudonyms. Absent: filters and scopes name ids as facts have them. */
      readonly personalIdSecret?: string;
      /** Absent: the embedded store makes a key of its own, beside PostgreSQL no tokens are issued. */
      readonly tokenSigningKeys?: readonly JWK[];
      /** Hosts with ports, `127.0.0.1:8443`, that webhooks may call though they are not public. Absent: none. */
      readonly webhookAllowedHosts?: readonly string[];
      /** Absent: nobody is invited from here. */
      readonly management?: Auth0ManagementConfig;
      /** Absent: `/internal` does not exist. */
      readonly internalToken?: string;
    };

/** What queries of one territory may take. */
export interface QueryLimits {
  readonly maxConcurrent: number;
  readonly timeoutMs: number;
  readonly maxPoints: number;
  readonly usdPerGb: number;
  /** 0 = no limit. */
  readonly budgetUsdPerDay: number;
}

/** Where configuration data lives. */
export type StoreConfig =
  { readonly kind: 'postgres'; readonly url: string } | { readonly kind: 'embedded'; readonly directory: string };

/** How tokens are checked. */
export interface AuthConfig {
  readonly issuer: string;
  readonly audience: string;
  readonly jwksUrl: string;
  readonly claimNamespace: string;
}

/** The settings of one process, checked. */
export interface BffConfig {
  readonly host: string;
  readonly port: number;
  readonly logLevel: string;
  readonly corsOrigins: readonly string[];
  /** Absent: nothing is limited, and no other site may show the page. */
  readonly surface?: SurfaceConfig;
  readonly auth: AuthConfig;
  readonly own: RoleConfig;
  /** Absent: nothing is recorded. */
  readonly tracing?: TracingConfig;
  /** Networks of the proxies in front, whose word about a caller's address is believed. Absent: by role. */
  readonly trustedProxies?: readonly string[];
}

function readRegionId(reader: SettingReader): RegionId {
  const id = Number(reader.needed('LUMINA_REGION_ID'));
  if (isRegionId(id)) return id;
  reader.problems.push('LUMINA_REGION_ID must be a region id from 1 to 6.');
  return 1;
}

function readRegionUrls(reader: SettingReader): ReadonlyMap<RegionId, string> {
  const urls = new Map<RegionId, string>();
  for (const [key, value] of Object.entries(reader.json('LUMINA_REGION_URLS'))) {
    const id = Number(key);
    if (!isRegionId(id) || typeof value !== 'string') {
      reader.problems.push(`LUMINA_REGION_URLS: "${key}" must be a region id from 1 to 6 with a URL.`);
    } else if (!URL.canParse(value) || new URL(value).origin !== value.replace(/\/$/, '')) {
      reader.problems.push(
        `LUMINA_REGION_URLS: the URL of region ${key} must be an origin, like https://host or http://127.0.0.1:8101.`,
      );
    } else {
      urls.set(id, new URL(value).origin);
    }
  }
  return urls;
}

function readStore(reader: SettingReader): StoreConfig {
  const url = reader.text('DATABASE_URL');
  if (url !== undefined) return { kind: 'postgres', url };
  return { kind: 'embedded', directory: reader.needed('LUMINA_CONFIG_DIR') };
}

interface StreamConfig {
  readonly region: string;
  readonly endpoint?: string;
  readonly stream: string;
}

function readPlatformEvents(reader: SettingReader): StreamConfig | undefined {
  const stream = reader.text('EVENTS_STREAM');
  if (stream === undefined) return undefined;
  const endpoint = reader.text('KINESIS_ENDPOINT');
  return { region: reader.needed('KINESIS_REGION'), stream, ...(endpoint === undefined ? {} : { endpoint }) };
}

function readLiveTail(reader: SettingReader): StreamConfig | undefined {
  const region = reader.text('KINESIS_REGION');
  if (region === undefined) return undefined;
  const endpoint = reader.text('KINESIS_ENDPOINT');
  return {
    region,
    stream: reader.needed('FACTS_STREAM'),
    ...(endpoint === undefined ? {} : { endpoint: reader.url('KINESIS_ENDPOINT', endpoint) }),
  };
}

function readQueryLimits(reader: SettingReader): QueryLimits {
  return {
    maxConcurrent: reader.integer('QUERY_CONCURRENCY', 1, 1_000),
    timeoutMs: reader.integer('QUERY_TIMEOUT_MS', 100, 600_000),
    maxPoints: reader.integer('QUERY_MAX_POINTS', 1_000, 100_000_000),
    usdPerGb: reader.dollars('QUERY_USD_PER_GB'),
    budgetUsdPerDay: reader.dollars('QUERY_BUDGET_USD_PER_DAY'),
  };
}

function readSigningKeys(reader: SettingReader, regionId: RegionId): readonly JWK[] | undefined {
  const text = reader.text('TOKEN_SIGNING_KEYS');
  if (text === undefined) return undefined;
  try {
    const keys = parseKeySet(text);
    signingKeysOf(keys, regionId);
    return keys;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    reader.problems.push(`TOKEN_SIGNING_KEYS: ${error.message}.`);
    return undefined;
  }
}

function readManagement(reader: SettingReader): Auth0ManagementConfig | undefined {
  const clientId = reader.text('AUTH_MANAGEMENT_CLIENT_ID');
  if (clientId === undefined) return undefined;
  const url = reader.url('AUTH_MANAGEMENT_URL', reader.text('AUTH_MANAGEMENT_URL') ?? reader.needed('AUTH_ISSUER'));
  return {
    url: url.replace(/\/?$/, '/'),
    clientId,
    clientSecret: reader.needed('AUTH_MANAGEMENT_CLIENT_SECRET'),
    connection: reader.needed('AUTH_MANAGEMENT_CONNECTION'),
  };
}

function readRole(reader: SettingReader): RoleConfig {
  const role = reader.needed('LUMINA_ROLE');
  if (role === 'regional') {
    const endpoint = reader.text('TIMESTREAM_ENDPOINT');
    const internalToken = reader.text('LUMINA_INTERNAL_TOKEN');
    const personalIdSecret = reader.text('TERRITORY_HASH_SECRET');
    const webhookAllowedHosts = listOf(reader.text('WEBHOOK_ALLOWED_HOSTS'));
    const liveTail = readLiveTail(reader);
    const management = readManagement(reader);
    const platformEvents = readPlatformEvents(reader);
    const regionId = readRegionId(reader);
    const tokenSigningKeys = readSigningKeys(reader, regionId);
    return {
      role,
      regionId,
      store: readStore(reader),
      timestream: {
        region: reader.needed('TIMESTREAM_REGION'),
        ...(endpoint === undefined ? {} : { endpoint: reader.url('TIMESTREAM_ENDPOINT', endpoint) }),
      },
      queries: readQueryLimits(reader),
      ...(liveTail === undefined ? {} : { liveTail }),
      ...(management === undefined ? {} : { management }),
      ...(platformEvents === undefined ? {} : { platformEvents }),
      ...(webhookAllowedHosts.length === 0 ? {} : { webhookAllowedHosts }),
      ...(tokenSigningKeys === undefined ? {} : { tokenSigningKeys }),
      ...(internalToken === undefined ? {} : { internalToken }),
      ...(personalIdSecret === undefined ? {} : { personalIdSecret }),
    };
  }
  if (role !== '' && role !== 'distributor') reader.problems.push('LUMINA_ROLE must be distributor or regional.');
  const staticDir = reader.text('LUMINA_STATIC_DIR');
  const internalToken = reader.text('LUMINA_INTERNAL_TOKEN');
  return {
    role: 'distributor',
    regionUrls: readRegionUrls(reader),
    upstreamTimeoutMs: reader.integer('UPSTREAM_TIMEOUT_MS', 100, 600_000),
    pageConfig: reader.json('LUMINA_PAGE_CONFIG'),
    ...(staticDir === undefined ? {} : { staticDir }),
    ...(internalToken === undefined ? {} : { internalToken }),
  };
}

function readTrustedProxies(reader: SettingReader): Pick<BffConfig, 'trustedProxies'> {
  const text = reader.text('TRUSTED_PROXIES');
  if (text === undefined) return {};
  const trustedProxies = listOf(text);
  const bad = firstBadRange(trustedProxies);
  if (bad !== undefined) reader.problems.push(`TRUSTED_PROXIES: "${bad}" is no network like 10.0.0.0/8.`);
  return { trustedProxies };
}

/** Reads the settings of one process; throws a {@link ConfigError} that names every bad one. */
export function readConfig(env: Environment): BffConfig {
  const reader = new SettingReader(env);
  const issuer = reader.url('AUTH_ISSUER', reader.needed('AUTH_ISSUER'));
  const own = readRole(reader);
  const tracing = readTracing(reader);
  const config: BffConfig = {
    host: reader.text('HOST') ?? '127.0.0.1',
    port: reader.integer('PORT', 0, 65_535),
    logLevel: reader.text('LOG_LEVEL') ?? 'info',
    corsOrigins: listOf(reader.text('CORS_ORIGINS')),
    surface: readSurface(reader),
    auth: {
      issuer,
      audience: reader.text('AUTH_AUDIENCE') ?? LOCAL_AUDIENCE,
      jwksUrl: reader.url(
        'AUTH_JWKS_URL',
        reader.text('AUTH_JWKS_URL') ?? `${issuer.replace(/\/?$/, '/')}.well-known/jwks.json`,
      ),
      claimNamespace: reader.text('AUTH_CLAIM_NAMESPACE') ?? CLAIM_NAMESPACE,
    },
    own,
    ...(tracing === undefined ? {} : { tracing }),
    ...readTrustedProxies(reader),
  };
  if (!['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'].includes(config.logLevel)) {
    reader.problems.push('LOG_LEVEL must be fatal, error, warn, info, debug, trace or silent.');
  }
  for (const origin of config.corsOrigins) {
    if (!URL.canParse(origin) || new URL(origin).origin !== origin)
      reader.problems.push(`CORS_ORIGINS: "${origin}" is not an origin like https://host.`);
  }
  if (reader.problems.length > 0) throw new ConfigError(reader.problems);
  return config;
}

/** The settings that the command-line tools need: only where configuration data lives. */
export function readStoreConfig(env: Environment): StoreConfig {
  const reader = new SettingReader(env);
  const store = readStore(reader);
  if (reader.problems.length > 0) throw new ConfigError(reader.problems);
  return store;
}
