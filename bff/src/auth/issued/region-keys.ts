import { createLocalJWKSet, errors } from 'jose';
import type { JWK } from 'jose';
import type { RegionId } from '@lumina/contracts';
import { traceparentFor } from '../../telemetry/trace-requests.ts';
import type { IssuedTokenKeys } from './issued-tokens.ts';
import { KEYS_PATH, publishedKeyOf, regionOfKey } from './token-keys.ts';
import type { PublishedKey } from './token-keys.ts';

/** What the distributor needs to know the keys of the regions. */
export interface RegionKeysOptions {
  /** Origins by region. */
  readonly urls: ReadonlyMap<RegionId, string>;
  /** A region whose keys cannot be read; the known ones stay good. */
  readonly onFailure: (error: unknown, regionId: RegionId) => void;
  readonly refreshMs?: number;
  /** How soon a region is asked again because of a key that is not known. */
  readonly cooldownMs?: number;
}

/** The keys of all regions, read from them. */
export interface RegionKeys extends IssuedTokenKeys {
  /** All that are known now. */
  readonly published: () => readonly PublishedKey[];
  readonly start: () => void;
  readonly close: () => void;
}

interface RegionState {
  readonly url: string;
  keys: readonly PublishedKey[];
  askedAtMs: number;
  hasAnswered: boolean;
  reading: Promise<void> | undefined;
}

const REFRESH_MS = 60_000;
const COOLDOWN_MS = 5_000;
const TIMEOUT_MS = 3_000;
const MOST_KEYS = 20;

async function readKeys(origin: string, regionId: RegionId): Promise<readonly PublishedKey[]> {
  const reply = await fetch(origin + KEYS_PATH, {
    headers: { traceparent: traceparentFor(undefined) },
    signal: AbortSignal.timeout(TIMEOUT_MS),
    redirect: 'error',
  });
  if (!reply.ok) throw new Error(`The keys of region ${String(regionId)} answered ${String(reply.status)}.`);
  const { keys } = (await reply.json()) as { readonly keys?: readonly JWK[] };
  if (!Array.isArray(keys)) throw new TypeError(`The keys of region ${String(regionId)} are no key set.`);
  // A region speaks for itself alone: what it publishes under the name of another counts for nothing.
  return (keys as readonly JWK[])
    .slice(0, MOST_KEYS)
    .map((key) => publishedKeyOf(key, regionId))
    .filter((key) => key !== undefined);
}

/** Knows the keys of the regions: read in the background, kept through an outage, one region never waiting for another. */
export function createRegionKeys(options: RegionKeysOptions): RegionKeys {
  const { urls, onFailure, refreshMs = REFRESH_MS, cooldownMs = COOLDOWN_MS } = options;
  const regions = new Map<RegionId, RegionState>(
    [...urls].map(([id, url]) => [id, { url, keys: [], askedAtMs: -Infinity, hasAnswered: false, reading: undefined }]),
  );
  let generation = 0;
  let timer: NodeJS.Timeout | undefined;

  async function read(id: RegionId, region: RegionState): Promise<void> {
    region.askedAtMs = performance.now();
    try {
      const keys = await readKeys(region.url, id);
      if (JSON.stringify(keys) !== JSON.stringify(region.keys)) generation += 1;
      region.keys = keys;
      region.hasAnswered = true;
    } catch (error) {
      onFailure(error, id);
    }
  }

  function refresh(id: RegionId, region: RegionState): Promise<void> {
    region.reading ??= read(id, region).finally(() => {
      region.reading = undefined;
    });
    return region.reading;
  }

  function refreshAll(): void {
    for (const [id, region] of regions) void refresh(id, region);
  }

  return {
    find: async (header, token) => {
      const id = regionOfKey(header.kid);
      const region = id === undefined ? undefined : regions.get(id);
      if (id === undefined || region === undefined) throw new errors.JWKSNoMatchingKey();
      const isKnown = region.keys.some(({ kid }) => kid === header.kid);
      const isDue = performance.now() - region.askedAtMs >= cooldownMs;
      if (!isKnown && (isDue || region.reading !== undefined)) await refresh(id, region);
      // Nothing was ever read: that is the region's trouble, not the caller's.
      if (!region.hasAnswered) throw new Error('The keys of this region have not been read yet.');
      return createLocalJWKSet({ keys: region.keys.map((key) => ({ ...key })) })(header, token);
    },
    generation: () => generation,
    published: () => [...regions.values()].flatMap(({ keys }) => keys),
    start: () => {
      refreshAll();
      timer = setInterval(refreshAll, refreshMs);
      timer.unref();
    },
    close: () => {
      clearInterval(timer);
    },
  };
}
