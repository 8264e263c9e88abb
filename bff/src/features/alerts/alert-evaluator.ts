import type { Clock } from '../../live/clock.ts';
import type { AlertBook } from './alert-book.ts';
import { decidesAt } from './alert-hours.ts';
import type { SettingsOfTerritory } from './alert-hours.ts';
import type { AlertMeter } from './alert-meter.ts';
import { askRules, batchesOf } from './ask-rules.ts';
import type { Answers, Found } from './ask-rules.ts';
import type { AlertLease, EvaluationStore, KnownRule } from './evaluation-store.ts';
import { initialState, reduceAlert } from './reduce-alert.ts';
import type { EvaluatedState } from './stored-state.ts';
import { stepOf } from './evaluation-step.ts';

/** What evaluation needs. */
export interface AlertEvaluatorOptions {
  readonly book: AlertBook;
  readonly store: Pick<EvaluationStore, 'save'>;
  readonly answers: Answers;
  readonly regionId: number;
  readonly settings: SettingsOfTerritory;
  readonly clock: Clock;
  readonly meter: AlertMeter;
  /** A write was refused: the lease is another's. */
  readonly onStale: () => void;
  readonly onFailure: (error: unknown) => void;
}

/** Without news a rule is asked this often: what leaves its window changes its value too. */
const LONGEST_PAUSE_MS = 5_000;
const SHORTEST_PAUSE_MS = 1_000;
/** Territories evaluated at a time; boards have the other connections of the metric store. */
const MAX_TERRITORIES_AT_ONCE = 4;
const QUERY_TIMEOUT_MS = 20_000;

/** A rule under evaluation. */
interface Working {
  readonly state: EvaluatedState;
  /** As it is stored. */
  readonly saved: EvaluatedState | undefined;
}

const keyOf = ({ territoryId, id }: KnownRule): string => `${String(territoryId)} ${id}`;

/** Evaluates all rules of the region, for as long as it is given a lease. */
export class AlertEvaluator {
  readonly #options: AlertEvaluatorOptions;
  readonly #working = new Map<string, Working>();
  readonly #evaluatedMs = new Map<string, number>();
  readonly #underWay = new Map<number, Promise<void>>();
  readonly #woken = new Set<number>();
  readonly #stop = new AbortController();
  #fence: number | undefined;

  constructor(options: AlertEvaluatorOptions) {
    this.#options = options;
  }

  /** Something of these territories was stored. */
  wake(territoryIds: ReadonlySet<number>): void {
    for (const territoryId of territoryIds) this.#woken.add(territoryId);
  }

  /** Begins what is due. Called every second; what is under way is not begun again. */
  async tick(lease: AlertLease): Promise<void> {
    const { book } = this.#options;
    if (this.#fence !== lease.fence) {
      // What others wrote meanwhile is where to go on from; what was under way here writes nothing any more.
      await Promise.all(this.#underWay.values());
      await book.reload();
      this.#working.clear();
      this.#fence = lease.fence;
    }
    const due = Map.groupBy(
      book.rules.filter((rule) => this.#isDue(rule)),
      ({ territoryId }) => territoryId,
    );
    for (const [territoryId, rules] of due) {
      if (this.#underWay.has(territoryId) || this.#underWay.size >= MAX_TERRITORIES_AT_ONCE) continue;
      this.#woken.delete(territoryId);
      const work = this.#evaluate(lease, rules)
        .catch(this.#options.onFailure)
        .finally(() => {
          this.#underWay.delete(territoryId);
        });
      this.#underWay.set(territoryId, work);
    }
  }

  /** Resolves when nothing is under way any more. */
  async close(): Promise<void> {
    this.#stop.abort();
    await Promise.all(this.#underWay.values());
  }

  #isDue(rule: KnownRule): boolean {
    const pause = this.#woken.has(rule.territoryId) ? SHORTEST_PAUSE_MS : LONGEST_PAUSE_MS;
    const sinceMs = this.#options.clock.now() - (this.#evaluatedMs.get(keyOf(rule)) ?? Number.NEGATIVE_INFINITY);
    // A clock that was set back must not end evaluation.
    return sinceMs >= pause || sinceMs < 0;
  }

  async #evaluate(lease: AlertLease, rules: readonly KnownRule[]): Promise<void> {
    const { clock } = this.#options;
    const asking: KnownRule[] = [];
    for (const rule of rules) {
      this.#evaluatedMs.set(keyOf(rule), clock.now());
      const off = await this.#offReason(rule);
      if (off === undefined) asking.push(rule);
      else await this.#step(lease, rule, { observation: { kind: 'off', reason: off }, problem: null });
    }
    for (const batch of batchesOf(asking)) {
      const found = await this.#ask(batch);
      for (const rule of batch) {
        const one = found.get(rule.id) ?? { observation: { kind: 'unknown' }, problem: null };
        await this.#step(lease, rule, one);
      }
    }
  }

  async #offReason({
    isDeleted,
    draft,
    territoryId,
  }: KnownRule): Promise<'deleted' | 'disabled' | 'hours' | undefined> {
    if (isDeleted) return 'deleted';
    if (!draft.enabled) return 'disabled';
    const { clock, settings } = this.#options;
    return (await decidesAt(draft.hours, territoryId, clock.now(), settings)) ? undefined : 'hours';
  }

  async #ask(batch: readonly KnownRule[]): Promise<ReadonlyMap<string, Found>> {
    const { answers, regionId, meter, onFailure } = this.#options;
    const startedMs = performance.now();
    try {
      const signal = AbortSignal.any([this.#stop.signal, AbortSignal.timeout(QUERY_TIMEOUT_MS)]);
      const found = await askRules(batch, answers, regionId, signal);
      meter.evaluated('answered', batch.length, performance.now() - startedMs);
      return found;
    } catch (error) {
      meter.evaluated('failed', batch.length, performance.now() - startedMs);
      if (!this.#stop.signal.aborted) onFailure(error);
      return new Map();
    }
  }

  async #step(lease: AlertLease, rule: KnownRule, { observation, problem }: Found): Promise<void> {
    const { store, clock, meter, onStale } = this.#options;
    // Its lease may have gone to another meanwhile, or this process may have got a later one.
    if (this.#fence !== lease.fence || this.#stop.signal.aborted) return;
    const nowMs = clock.now();
    const known = this.#working.get(keyOf(rule)) ?? { state: rule.state ?? freshState(rule, nowMs), saved: rule.state };
    const reduced = reduceAlert(known.state, observation, nowMs, { ...rule.draft, version: rule.version });
    const { change, isWorthSaving } = stepOf(rule, known.state, { ...reduced, problem }, known.saved);
    if (!isWorthSaving) {
      this.#working.set(keyOf(rule), { state: change.state, saved: known.saved });
      return;
    }
    if (!(await store.save(lease, change))) {
      onStale();
      return;
    }
    this.#working.set(keyOf(rule), { state: change.state, saved: change.state });
    for (const { kind } of change.transitions) meter.told(kind);
  }
}

function freshState({ version }: KnownRule, nowMs: number): EvaluatedState {
  return { ...initialState(version, nowMs), problem: null, webhook: null };
}
