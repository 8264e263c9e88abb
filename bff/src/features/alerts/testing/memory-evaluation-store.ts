import type { AlertLease, EvaluationStore, KnownRule, StateChange } from '../evaluation-store.ts';

/** An evaluation store in memory that several engines share; its clock is the test's. */
export class MemoryEvaluationStore implements EvaluationStore {
  rules: KnownRule[] = [];
  readonly saved: StateChange[] = [];
  loads = 0;
  readonly #now: () => number;
  #lease: (AlertLease & { readonly untilMs: number }) | undefined;
  #edits = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Puts a rule in, or another in its place. */
  put(rule: KnownRule): void {
    this.#edits += 1;
    this.rules = [...this.rules.filter(({ id }) => id !== rule.id), rule];
  }

  readonly take = (holder: string, ttlMs: number): Promise<AlertLease | undefined> => {
    const held = this.#lease;
    if (held !== undefined && held.holder !== holder && held.untilMs > this.#now()) return Promise.resolve(undefined);
    const fence = held === undefined ? 1 : held.fence + (held.holder === holder ? 0 : 1);
    this.#lease = { holder, fence, untilMs: this.#now() + ttlMs };
    return Promise.resolve({ holder, fence });
  };

  readonly release = ({ fence }: AlertLease): Promise<void> => {
    if (this.#lease?.fence === fence) this.#lease = { ...this.#lease, untilMs: 0 };
    return Promise.resolve();
  };

  readonly fingerprint = (): Promise<string> =>
    Promise.resolve(`${String(this.#edits)} ${String(this.saved.flatMap(({ transitions }) => transitions).length)}`);

  readonly load = (): Promise<readonly KnownRule[]> => {
    this.loads += 1;
    return Promise.resolve(
      this.rules.filter(({ isDeleted, state }) => !isDeleted || (state?.phase ?? 'normal') !== 'normal'),
    );
  };

  readonly save = (lease: AlertLease, change: StateChange): Promise<boolean> => {
    if (this.#lease?.fence !== lease.fence || this.#lease.untilMs <= this.#now()) return Promise.resolve(false);
    this.saved.push(change);
    this.rules = this.rules.map((rule) => (rule.id === change.rule.id ? { ...rule, state: change.state } : rule));
    return Promise.resolve(true);
  };

  readonly due = (): Promise<[]> => Promise.resolve([]);
  readonly settle = (): Promise<boolean> => Promise.resolve(true);
  readonly backlog = (): Promise<{ pending: number; dead: number }> => Promise.resolve({ pending: 0, dead: 0 });

  /** What was told, in order. */
  get told(): readonly string[] {
    return this.saved.flatMap(({ rule, transitions }) =>
      transitions.map(({ kind, reason }) => `${rule.id} ${kind} ${reason}`),
    );
  }
}
