/** An abandon that a returning caller may undo; times in epoch ms. */
export interface Abandon {
  readonly stayId: string;
  readonly leftMs: number;
  readonly joinedMs: number;
  /** When the switch discards it: until then the caller may come back. */
  readonly untilMs: number;
  /** When the caller came back, once that is known. */
  readonly resumedMs?: number;
}

const MAX_ABANDONS = 50_000;
/** The default of mod_callcenter for `discard-abandoned-after`. */
const DISCARD_AFTER_MS = 60_000;
/** The switch compares whole seconds, and only now and then. */
const GRACE_MS = 30_000;

/** Remembers abandons for as long as the switch does, so that a resume can name what it undoes. */
export class Abandons {
  private readonly byMember: Map<string, Abandon>;
  private readonly onChange: (memberUuid: string, abandon: Abandon | undefined) => void;
  private readonly discardAfterMs = new Map<string, number>();
  /** What each return undid, long after the switch has forgotten it: an event may be told again much later. */
  private readonly byReturn = new Map<string, Abandon>();

  constructor(
    known: ReadonlyMap<string, Abandon>,
    onChange: (memberUuid: string, abandon: Abandon | undefined) => void,
  ) {
    this.byMember = new Map(known);
    this.onChange = onChange;
  }

  get size(): number {
    return this.byMember.size;
  }

  /** Takes over for how long each queue keeps an abandoned caller's place. */
  configure(discardAfterMs: ReadonlyMap<string, number>): void {
    for (const [queue, ms] of discardAfterMs) this.discardAfterMs.set(queue, ms);
  }

  remember(memberUuid: string, sessionUuid: string, queue: string, leftMs: number, joinedMs: number): void {
    this.forgetExpired(leftMs);
    // Told twice: what is known of it may say more by now.
    if (this.byMember.get(memberUuid)?.leftMs === leftMs) return;
    const untilMs = leftMs + (this.discardAfterMs.get(queue) ?? DISCARD_AFTER_MS) + GRACE_MS;
    const abandon = { stayId: `${memberUuid}:${sessionUuid}`, leftMs, joinedMs, untilMs };
    this.byMember.delete(memberUuid);
    this.byMember.set(memberUuid, abandon);
    this.onChange(memberUuid, abandon);
    if (this.byMember.size > MAX_ABANDONS) this.forgetOldest();
  }

  /**
   * The abandon that a member's return at `atMs` undoes. An event told twice says the same twice, also when the member has
   * left again meanwhile; another return without another abandon undoes nothing.
   */
  resume(memberUuid: string, atMs: number): Abandon | undefined {
    const key = `${memberUuid}:${String(atMs)}`;
    const told = this.byReturn.get(key);
    if (told !== undefined) return told;
    const abandon = this.byMember.get(memberUuid);
    if (abandon === undefined || abandon.leftMs > atMs || (abandon.resumedMs ?? atMs) !== atMs) return undefined;
    this.byReturn.set(key, abandon);
    const oldest = this.byReturn.keys().next();
    if (this.byReturn.size > MAX_ABANDONS && oldest.done !== true) this.byReturn.delete(oldest.value);
    if (abandon.resumedMs === undefined) {
      const resumed = { ...abandon, resumedMs: atMs };
      this.byMember.set(memberUuid, resumed);
      this.onChange(memberUuid, resumed);
    }
    return abandon;
  }

  private forget(memberUuid: string): void {
    if (this.byMember.delete(memberUuid)) this.onChange(memberUuid, undefined);
  }

  private forgetOldest(): void {
    const oldest = this.byMember.keys().next();
    if (oldest.done !== true) this.forget(oldest.value);
  }

  private forgetExpired(nowMs: number): void {
    for (const [memberUuid, { untilMs }] of this.byMember) {
      // In order of leaving, and queues differ little: the first that is still good ends the search.
      if (untilMs >= nowMs) return;
      this.forget(memberUuid);
    }
  }
}
