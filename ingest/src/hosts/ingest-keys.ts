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

function idOf(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value >= 0 ? value : undefined;
  return typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : undefined;
}

function parseKey(key: unknown): readonly [string, KeyOwner] {
  const fields = (typeof key === 'object' && key !== null ? key : {}) as Readonly<Record<string, unknown>>;
  const { hash } = fields;
  const [territoryId, regionId] = [idOf(fields['territoryId']), idOf(fields['regionId'])];
  // A list that is wrong in one place is not believed in the others.
  if (typeof hash !== 'string' || !/^[\da-f]{64}$/i.test(hash) || territoryId === undefined || regionId === undefined)
    throw new TypeError('The list of keys holds one without hash, territory or region.');
  return [hash.toLowerCase(), { territoryId, regionId }];
}

function parseKeys(body: unknown): Map<string, KeyOwner> {
  if (typeof body !== 'object' || body === null || !('keys' in body) || !Array.isArray(body.keys)) {
    throw new TypeError('The answer holds no list of keys.');
  }
  return new Map(body.keys.map(parseKey));
}

/** The ingest keys of a region, polled: the last good list stays when a poll fails; before the first, no key is good. */
export class IngestKeys {
  private readonly url: string;
  private readonly token: string;
  private readonly logger: Logger;
  private readonly intervalMs: number;
  private keys: ReadonlyMap<string, KeyOwner> | undefined;
  /** Version of the list, as its server names it. */
  private etag: string | undefined;

  constructor(url: string, token: string, logger: Logger, intervalMs = POLL_INTERVAL_MS) {
    this.url = url;
    this.token = token;
    this.logger = logger;
    this.intervalMs = intervalMs;
  }

  get isLoaded(): boolean {
    return this.keys !== undefined;
  }

  /** Whose a key is; undefined for one that was never valid or is revoked. */
  ownerOf(key: string): KeyOwner | undefined {
    return this.keys?.get(sha256Hex(key));
  }

  /** Polls once. */
  async refresh(): Promise<void> {
    try {
      const response = await fetch(this.url, { headers: this.headers(), signal: AbortSignal.timeout(TIMEOUT_MS) });
      if (!response.ok) await response.body?.cancel();
      if (response.status === 304 && this.isLoaded) return;
      if (!response.ok) throw new Error(`The list of keys was refused with status ${String(response.status)}.`);
      this.keys = parseKeys(await response.json());
      this.etag = response.headers.get('etag') ?? undefined;
    } catch (error) {
      this.logger.warn({ detail: messageOf(error), hasList: this.isLoaded }, 'ingest keys could not be polled');
    }
  }

  /** Polls until stopped. */
  async keepFresh(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.refresh();
      try {
        await delay(this.isLoaded ? this.intervalMs : FIRST_POLL_INTERVAL_MS, undefined, { signal });
      } catch {
        // Stopping ends the pause early.
      }
    }
  }

  private headers(): Record<string, string> {
    return {
      ...(this.token === '' ? {} : { authorization: `Bearer ${this.token}` }),
      // Without a directive of its own, fetch says no-cache, which asks for the whole list.
      ...(this.etag === undefined ? {} : { 'if-none-match': this.etag, 'cache-control': 'max-age=0' }),
    };
  }
}
