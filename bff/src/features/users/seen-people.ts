import type { Identity } from '../../auth/identity.ts';
import { isActing } from './effective-identity.ts';
import { sessionOf } from './people-store.ts';
import type { SightingStore } from './people-store.ts';

/** What the recorder of sightings needs. */
export interface SeenPeopleOptions {
  readonly store: SightingStore;
  /** The first of a row of failures, and what was given up. */
  readonly onFailure: (error: unknown, lost: number) => void;
  readonly now?: () => number;
  readonly retryMs?: number;
}

/** "Last seen" is no more exact than this, so that a busy page costs one write in so long. */
const EVERY_MS = 300_000;
const RETRY_MS = 1_000;
/** After so many in one go it is the store, not those who are written. */
const MAX_FAILURES = 3;
const MAX_WAITING = 20_000;
const MAX_REMEMBERED = 20_000;

/** Keeps who was seen and signed in, behind the requests: none of them waits for it. */
export class SeenPeople {
  readonly #store: SightingStore;
  readonly #onFailure: (error: unknown, lost: number) => void;
  readonly #now: () => number;
  readonly #retryMs: number;
  readonly #notedAtMs = new Map<string, number>();
  readonly #waiting = new Map<string, Identity>();
  #isFailing = false;
  #isClosing = false;
  #writing: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor({ store, onFailure, now = Date.now, retryMs = RETRY_MS }: SeenPeopleOptions) {
    this.#store = store;
    this.#onFailure = onFailure;
    this.#now = now;
    this.#retryMs = retryMs;
  }

  /** Someone was let in; `identity` is what the token says. Only people of the territory are kept. */
  note(identity: Identity): void {
    if (identity.kind !== 'user' || isActing(identity)) return;
    const key = JSON.stringify([identity.territoryId, identity.sub, sessionOf(identity)]);
    const now = this.#now();
    if (now - (this.#notedAtMs.get(key) ?? -EVERY_MS) < EVERY_MS) return;
    if (this.#notedAtMs.size >= MAX_REMEMBERED) this.#notedAtMs.clear();
    this.#notedAtMs.set(key, now);
    if (this.#waiting.size >= MAX_WAITING) {
      this.#onFailure(new Error('Too many sightings wait to be written.'), 1);
      return;
    }
    this.#waiting.set(key, identity);
    if (this.#timer === undefined) this.#writing ??= this.#writeAll();
  }

  /** Writes what still waits, trying each once more. */
  async close(): Promise<void> {
    this.#isClosing = true;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    await this.#writing;
    await this.#writeAll();
    if (this.#waiting.size > 0)
      this.#onFailure(new Error('Sightings could not be written before the end.'), this.#waiting.size);
  }

  /** Settles once what waits now was written or failed. */
  async settled(): Promise<void> {
    await this.#writing;
  }

  async #writeAll(): Promise<void> {
    let failures = 0;
    // More may come while these are written.
    while (this.#waiting.size > 0 && failures === 0) {
      for (const [key, identity] of [...this.#waiting]) {
        if (!(await this.#write(key, identity))) failures += 1;
        if (failures >= MAX_FAILURES) break;
      }
    }
    this.#writing = undefined;
    if (this.#waiting.size > 0 && !this.#isClosing) this.#retryLater();
  }

  async #write(key: string, identity: Identity): Promise<boolean> {
    try {
      await this.#store.record({ identity });
      this.#waiting.delete(key);
      this.#isFailing = false;
      return true;
    } catch (error) {
      if (!this.#isFailing) this.#onFailure(error, 0);
      this.#isFailing = true;
      // To the end: what can never be written must not keep the others waiting.
      this.#waiting.delete(key);
      this.#waiting.set(key, identity);
      return false;
    }
  }

  #retryLater(): void {
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#writing ??= this.#writeAll();
    }, this.#retryMs);
  }
}
