import type { AccessChange, AccessChangeLog } from './access-register.ts';

/** What a follower needs. */
export interface AccessFollowerOptions {
  readonly log: AccessChangeLog;
  /** Called for each change, in order, those of this process included unless it was told of them before. */
  readonly onChange: (change: AccessChange) => void;
  /** Changes were removed before this process read them: whatever is remembered may be wrong. */
  readonly onMissed: () => void;
  /** The first of a row of failures. */
  readonly onFailure: (error: unknown) => void;
  readonly now?: () => number;
  readonly intervalMs?: number;
}

/** Short enough that a change has arrived everywhere well within a second. */
const INTERVAL_MS = 400;
const BATCH = 500;
/** Own changes that have not come by yet; more than a process makes in one interval. */
const MAX_TOLD = 1_000;

/** Reads the changes of rights of the region as they are committed. */
export class AccessFollower {
  readonly #options: AccessFollowerOptions;
  readonly #now: () => number;
  readonly #told = new Set<number>();
  #sequence: number | undefined;
  #followedAtMs = 0;
  #isFailing = false;
  #isClosed = false;
  #timer: NodeJS.Timeout | undefined;
  #polling: Promise<void> | undefined;

  constructor(options: AccessFollowerOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
  }

  /** All changes up to this instant have been told, epoch ms; 0 before the first reading. */
  get followedAtMs(): number {
    return this.#followedAtMs;
  }

  start(): void {
    this.#pollLater(0);
  }

  /** A change that this process made itself, told without waiting. */
  tell(change: AccessChange): void {
    if (this.#told.size >= MAX_TOLD) this.#told.clear();
    this.#told.add(change.sequence);
    this.#options.onChange(change);
  }

  /** Reads what is new; never rejects. */
  async poll(): Promise<void> {
    const beganAtMs = this.#now();
    try {
      await this.#readAll();
      this.#followedAtMs = beganAtMs;
      this.#isFailing = false;
    } catch (error) {
      if (!this.#isFailing && !this.#isClosed) this.#options.onFailure(error);
      this.#isFailing = true;
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    await this.#polling;
  }

  async #readAll(): Promise<void> {
    const { log } = this.#options;
    if (this.#sequence === undefined) {
      // What was committed before has been read by whoever asks from now on.
      this.#sequence = await log.head();
      return;
    }
    for (;;) {
      const changes = await log.since(this.#sequence, BATCH);
      for (const change of changes) this.#take(change);
      if (changes.length < BATCH) return;
    }
  }

  #take(change: AccessChange): void {
    // Sequences have no gaps of their own: one that is missing was removed for its age.
    if (change.sequence !== (this.#sequence ?? 0) + 1) this.#options.onMissed();
    this.#sequence = change.sequence;
    if (!this.#told.delete(change.sequence)) this.#options.onChange(change);
  }

  #pollLater(delayMs: number): void {
    if (this.#isClosed) return;
    this.#timer = setTimeout(() => {
      this.#polling = this.poll().then(() => {
        this.#pollLater(this.#options.intervalMs ?? INTERVAL_MS);
      });
    }, delayMs);
  }
}
