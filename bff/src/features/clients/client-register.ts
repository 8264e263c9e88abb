import type { RegisteredOrigins } from '../../http/registered-origins.ts';
import type { ClientGrant, ClientSource } from './client-store.ts';

/** What a register needs. */
export interface ClientRegisterOptions {
  readonly source: ClientSource;
  /** Told of each client whose tokens mean something else from now on, or nothing any more. */
  readonly onChange: (client: Pick<ClientGrant, 'id' | 'territoryId'>) => void;
  /** The first of a row of failed readings. */
  readonly onFailure: (error: unknown) => void;
  readonly pollMs?: number;
}

const POLL_MS = 1_000;
/** While the store does not answer, what was known is believed for so long; afterwards nobody is admitted. */
const MAX_AGE_MS = 60_000;

/** What of a grant its tokens and streams rest on. */
function essenceOf({ kind, permissions, scope }: ClientGrant): string {
  return JSON.stringify([kind, permissions, scope ?? null]);
}

/**
 * The registered clients of the region as this process knows them, at most a second old. Changes of this process are seen
 * at once by calling {@link ClientRegister.refresh}; those of others by asking whether anything has changed.
 */
export class ClientRegister implements RegisteredOrigins {
  readonly #source: ClientSource;
  readonly #onChange: ClientRegisterOptions['onChange'];
  readonly #onFailure: ClientRegisterOptions['onFailure'];
  readonly #pollMs: number;
  #grants = new Map<string, ClientGrant>();
  #owners = new Map<string, Set<number>>();
  #fingerprint: string | undefined;
  #readAtMs = -Infinity;
  #isFailing = false;
  #timer: NodeJS.Timeout | undefined;
  #reading: Promise<void> | undefined;
  #isClosed = false;

  constructor({ source, onChange, onFailure, pollMs = POLL_MS }: ClientRegisterOptions) {
    this.#source = source;
    this.#onChange = onChange;
    this.#onFailure = onFailure;
    this.#pollMs = pollMs;
  }

  /** Begins to follow the store. */
  start(): void {
    void this.#poll();
  }

  /** What a client may; undefined when there is no such client any more, `unknown` when that cannot be told. */
  grantOf(id: string): ClientGrant | undefined | 'unknown' {
    if (performance.now() - this.#readAtMs > MAX_AGE_MS) return 'unknown';
    return this.#grants.get(id);
  }

  /** As {@link grantOf}, but reads the store first where this process has not read it yet. */
  async findGrant(id: string): Promise<ClientGrant | undefined | 'unknown'> {
    if (this.#fingerprint === undefined) await this.refresh();
    return this.grantOf(id);
  }

  territoriesOf(origin: string): ReadonlySet<number> | undefined {
    return this.#owners.get(origin);
  }

  /** Each origin that is registered, and whose. */
  origins(): readonly { readonly origin: string; readonly territoryIds: readonly number[] }[] {
    return [...this.#owners].map(([origin, owners]) => ({ origin, territoryIds: [...owners].sort((a, b) => a - b) }));
  }

  /** Reads the store now; what changed is acted upon before this returns. Never throws. */
  async refresh(): Promise<void> {
    // What is being read may have begun before the change that the caller knows of.
    await this.#reading;
    this.#reading ??= this.#read().finally(() => {
      this.#reading = undefined;
    });
    await this.#reading;
  }

  /** Follows no longer; returns when nothing is being read any more. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    await this.#reading;
  }

  async #poll(): Promise<void> {
    if (this.#isClosed) return;
    await this.refresh();
    // Closing in the meantime is noticed when this comes round; it holds nothing up.
    this.#timer = setTimeout(() => void this.#poll(), this.#pollMs).unref();
  }

  async #read(): Promise<void> {
    const atMs = performance.now();
    try {
      const fingerprint = await this.#source.fingerprint();
      if (fingerprint !== this.#fingerprint) this.#take(await this.#source.listGrants());
      this.#fingerprint = fingerprint;
      this.#readAtMs = atMs;
      this.#isFailing = false;
    } catch (error) {
      if (!this.#isFailing && !this.#isClosed) this.#onFailure(error);
      this.#isFailing = true;
    }
  }

  #take(list: readonly ClientGrant[]): void {
    const before = this.#grants;
    this.#grants = new Map(list.map((grant) => [grant.id, grant]));
    this.#owners = new Map();
    for (const { origins, territoryId } of list) {
      for (const origin of origins)
        this.#owners.set(origin, (this.#owners.get(origin) ?? new Set<number>()).add(territoryId));
    }
    for (const grant of before.values()) {
      const now = this.#grants.get(grant.id);
      if (now === undefined || essenceOf(now) !== essenceOf(grant)) this.#onChange(grant);
    }
  }
}
