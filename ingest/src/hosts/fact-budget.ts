const MS_PER_SECOND = 1000;
/** So many seconds of the rate may come at once, as after an outage of the sender. */
const BURST_S = 12;

/** What a territory may still send, as of an instant. */
interface Allowance {
  facts: number;
  atMs: number;
}

/**
 * Facts that events of one territory may become, per second: a small body can hold hours of work for the store, and all
 * territories wait behind one another in the stream.
 */
export class FactBudget {
  /** Most facts that one body may become. */
  readonly burst: number;
  private readonly perSecond: number;
  private readonly allowances = new Map<number, Allowance>();

  constructor(factsPerSecond: number) {
    this.perSecond = factsPerSecond;
    this.burst = factsPerSecond * BURST_S;
  }

  /** Takes what a body will become. @returns 0, or in how many seconds there will be room for it; nothing is taken then. */
  take(territoryId: number, facts: number, nowMs: number): number {
    const known = this.allowances.get(territoryId) ?? { facts: this.burst, atMs: nowMs };
    // A clock that was set back gives nothing and takes nothing.
    const passedMs = Math.max(0, nowMs - known.atMs);
    const left = Math.min(this.burst, known.facts + (passedMs * this.perSecond) / MS_PER_SECOND);
    const isEnough = facts <= left;
    this.allowances.set(territoryId, { facts: isEnough ? left - facts : left, atMs: nowMs });
    return isEnough ? 0 : Math.ceil((facts - left) / this.perSecond);
  }

  /** Gives back what did not reach the stream. */
  giveBack(territoryId: number, facts: number): void {
    const known = this.allowances.get(territoryId);
    if (known !== undefined) known.facts = Math.min(this.burst, known.facts + facts);
  }
}
