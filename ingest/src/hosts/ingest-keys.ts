import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { IngestKeyListSchema, type IngestKey } from '@lumina/contracts/schemas';
import { Compile } from 'typebox/compile';

import { messageOf } from '../adapters/service-error.ts';
import { sha256Hex } from '../core/hash.ts';

const POLL_INTERVAL_MS = 5000;
const FIRST_POLL_INTERVAL_MS = 250;
const TIMEOUT_MS = 4000;

/** Whose an ingest key is. */
export type KeyOwner = Readonly<Omit<IngestKey, 'hash'>>;

const listCheck = Compile(IngestKeyListSchema);

/** A list that is wrong in one place is not believed in the others. */
function parseKeys(body: unknown): Map<string, KeyOwner> {
  if (!listCheck.Check(body)) {
    const [error] = listCheck.Errors(body);
    throw new TypeError(`The list of keys does not fit: ${error?.instancePath ?? ''} ${error?.message ?? ''}`);
  }
  return new Map(body.keys.map(({ hash, territoryId, regionId }) => [hash, { territoryId, regionId }]));
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
