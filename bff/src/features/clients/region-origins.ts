import { Compile } from 'typebox/compile';
import { ClientOriginListSchema } from '@lumina/contracts/schemas';
import type { ClientOriginList, RegionId } from '@lumina/contracts';
import { traceparentFor } from '../../telemetry/trace-requests.ts';
import type { RegisteredOrigins } from '../../http/registered-origins.ts';

/** What the distributor needs to know the origins that regions have registered. */
export interface RegionOriginsOptions {
  /** Origins by region. */
  readonly urls: ReadonlyMap<RegionId, string>;
  readonly internalToken: string;
  /** The first of a row of failures of one region, whose origins stay as they were known. */
  readonly onFailure: (error: unknown, regionId: RegionId) => void;
  readonly refreshMs?: number;
}

/** Registered origins of all regions. */
export interface RegionOrigins extends RegisteredOrigins {
  readonly start: () => void;
  /** Reads all regions now. Never throws. */
  readonly refresh: () => Promise<void>;
  readonly close: () => void;
}

const REFRESH_MS = 3_000;
const TIMEOUT_MS = 2_500;
const listCheck = Compile(ClientOriginListSchema);

async function readOrigins(url: string, internalToken: string): Promise<ClientOriginList['origins']> {
  const reply = await fetch(`${url}/internal/client-origins`, {
    headers: { Authorization: `Bearer ${internalToken}`, traceparent: traceparentFor(undefined) },
    signal: AbortSignal.timeout(TIMEOUT_MS),
    redirect: 'error',
  });
  if (!reply.ok) throw new Error(`The registered origins answered ${String(reply.status)}.`);
  const list: unknown = await reply.json();
  if (!listCheck.Check(list)) throw new TypeError('The registered origins have another shape.');
  return list.origins;
}

/** Knows which pages the territories of all regions have registered; what was known stays through an outage. */
export function createRegionOrigins(options: RegionOriginsOptions): RegionOrigins {
  const { urls, internalToken, onFailure, refreshMs = REFRESH_MS } = options;
  const byRegion = new Map<RegionId, ClientOriginList['origins']>();
  const failing = new Set<RegionId>();
  const reading = new Set<RegionId>();
  let owners = new Map<string, Set<number>>();
  let timer: NodeJS.Timeout | undefined;

  function merge(): void {
    owners = new Map();
    for (const { origin, territoryIds } of [...byRegion.values()].flat()) {
      const known = owners.get(origin) ?? new Set<number>();
      for (const id of territoryIds) known.add(id);
      owners.set(origin, known);
    }
  }

  async function read(id: RegionId, url: string): Promise<void> {
    if (reading.has(id)) return;
    reading.add(id);
    try {
      byRegion.set(id, await readOrigins(url, internalToken));
      failing.delete(id);
      merge();
    } catch (error) {
      if (!failing.has(id)) onFailure(error, id);
      failing.add(id);
    } finally {
      reading.delete(id);
    }
  }

  const refresh = async (): Promise<void> => {
    await Promise.all([...urls].map(([id, url]) => read(id, url)));
  };

  return {
    territoriesOf: (origin) => owners.get(origin),
    refresh,
    start: () => {
      void refresh();
      timer = setInterval(() => void refresh(), refreshMs);
      timer.unref();
    },
    close: () => {
      clearInterval(timer);
    },
  };
}
