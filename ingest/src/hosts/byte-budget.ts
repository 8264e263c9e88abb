/** Bytes that may be in work at once, over all requests: memory stays bounded whatever arrives. */
export class ByteBudget {
  readonly limitBytes: number;
  private used = 0;

  constructor(limitBytes: number) {
    this.limitBytes = limitBytes;
  }

  get usedBytes(): number {
    return this.used;
  }

  /** A share of the budget for one request. */
  open(): BudgetShare {
    let own = 0;
    return {
      fits: (bytes) => this.used + bytes <= this.limitBytes,
      take: (bytes) => {
        if (this.used + bytes > this.limitBytes) return false;
        own += bytes;
        this.used += bytes;
        return true;
      },
      owe: (bytes) => {
        own += bytes;
        this.used += bytes;
      },
      release: () => {
        this.used -= own;
        own = 0;
      },
    };
  }
}

/** What one request holds of a {@link ByteBudget}. */
export interface BudgetShare {
  /** Whether so many bytes more could be taken now. */
  fits(bytes: number): boolean;
  /** Takes bytes; false, and nothing taken, when they exceed the budget. */
  take(bytes: number): boolean;
  /** Takes bytes that are there already: later requests wait for them. */
  owe(bytes: number): void;
  /** Gives everything back; safe to repeat. */
  release(): void;
}
