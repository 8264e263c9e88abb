/** A territory may hold so many times what is left free: two thirds alone, two fifths beside another that holds as much. */
const SHARE_OF_FREE = 2;

/**
 * Bytes that may be in work at once, over all requests: memory stays bounded whatever arrives. The more a territory
 * holds, the more must be free for it to take more, so that none can take the last byte from the others.
 */
export class ByteBudget {
  readonly limitBytes: number;
  private used = 0;
  private readonly usedBy = new Map<number, number>();

  constructor(limitBytes: number) {
    this.limitBytes = limitBytes;
  }

  get usedBytes(): number {
    return this.used;
  }

  /** A share of the budget for one request of a territory. */
  open(territoryId: number): BudgetShare {
    let own = 0;
    const add = (bytes: number): void => {
      own += bytes;
      this.add(territoryId, bytes);
    };
    return {
      fits: (bytes) => this.fits(territoryId, bytes),
      take: (bytes) => {
        if (!this.fits(territoryId, bytes)) return false;
        add(bytes);
        return true;
      },
      owe: add,
      release: () => {
        add(-own);
      },
    };
  }

  private fits(territoryId: number, bytes: number): boolean {
    const held = (this.usedBy.get(territoryId) ?? 0) + bytes;
    return held <= SHARE_OF_FREE * (this.limitBytes - this.used - bytes);
  }

  private add(territoryId: number, bytes: number): void {
    this.used += bytes;
    const held = (this.usedBy.get(territoryId) ?? 0) + bytes;
    if (held === 0) this.usedBy.delete(territoryId);
    else this.usedBy.set(territoryId, held);
  }
}

/** What one request holds of a {@link ByteBudget}. */
export interface BudgetShare {
  /** Whether so many bytes more could be taken now. */
  fits(bytes: number): boolean;
  /** Takes bytes; false, and nothing taken, when there is no room for so many. */
  take(bytes: number): boolean;
  /** Takes bytes that are there already: later requests wait for them. */
  owe(bytes: number): void;
  /** Gives everything back; safe to repeat. */
  release(): void;
}
