import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';

import { messageOf } from '../adapters/service-error.ts';
import { sha256Hex } from '../core/hash.ts';

const POLL_INTERVAL_MS = 5000;
const FIRST_POLL_INTERVAL_MS = 250;
const TIMEOUT_MS = 4000;

/** Whose an ingest key is. */
export interface KeyOwner {
  readonly territoryId: number;
  readonly regionId: number;
}

function parseKeys(body: unknown): Map<string, KeyOwner> {
  if (typeof body !== 'object' || body === null || !('keys' in body) || !Array.isArray(body.keys)) {
    throw new TypeError('The answer holds no list of keys.');
  }
  return new Map(
    body.keys.map((key: unknown) => {
      const { hash, territoryId, regionId } = (typeof key === 'object' && key !== null ? key : {}) as Record<
        string,
        unknown
      >;
      const isWhole =
        typeof hash === 'string' && Number.isSafeInteger(Number(territoryId)) && Number.isSafeInteger(Number(regionId));
      if (!isWhole) throw new TypeError('The list of keys holds one without hash, territory or region.');
      return [hash.toLowerCase(), { territoryId: Number(territoryId), regionId: Number(regionId) }] as const;
    }),
  );
}

/** The ingest keys of a region, polled: the last good list stays when a poll fails; before the first, no key is good. */
export class IngestKeys {
  private readonly url: string;
  private readonly token: string;
  private readonly logger: Logger;
  private keys: ReadonlyMap<string, KeyOwner> | undefined;

  constructor(url: string, token: string, logger: Logger) {
    this.url = url;
    this.token = token;
    this.logger = logger;
  }

  get isLoaded(): boolean {
    return this.keys !== undefined;
  }

  ownerOf(key: string): KeyOwner | undefined {
    return this.keys?.get(sha256Hex(key));
  }

  /** Polls once. */
  async refresh(): Promise<void> {
    try {
      const headers: Record<string, string> = this.token === '' ? {} : { authorization: `Bearer ${this.token}` };
      const response = await fetch(this.url, { headers, signal: AbortSignal.timeout(TIMEOUT_MS) });
      if (!response.ok) throw new Error(`The list of keys was refused with status ${String(response.status)}.`);
      this.keys = parseKeys(await response.json());
    } catch (error) {
      this.logger.warn({ detail: messageOf(error), hasList: this.isLoaded }, 'ingest keys could not be polled');
    }
  }

  /** Polls until stopped. */
  async keepFresh(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.refresh();
      try {
        await delay(this.isLoaded ? POLL_INTERVAL_MS : FIRST_POLL_INTERVAL_MS, undefined, { signal });
      } catch {
        // Stopping ends the pause early.
      }
    }
  }
}
