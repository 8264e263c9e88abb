/** A piece of poison: what nobody can store, and for a contradiction the sound record before it. */
export interface Poison {
  readonly kind: PoisonKind;
  /** Found again in the dead letter. */
  readonly mark: string;
  readonly records: readonly Buffer[];
}

/** For whom poison is made. */
interface PoisonScope {
  readonly territoryId: number;
  readonly regionId: number;
}

const MARK_DIGITS = 6;
const MARK = /poison-\d{6}/g;
const LARGE_BYTES = 400_000;
const FAR_AHEAD_MS = 3_600_000;
const FOREIGN_REGION = 6;

type Maker = (mark: string, atMs: number, scope: PoisonScope) => readonly (string | Buffer)[];
type PoisonKind = keyof typeof MAKERS;

const timeOf = (atMs: number): string => new Date(atMs).toISOString();
const envelope = (id: string, atMs: number, { territoryId, regionId }: PoisonScope): Record<string, unknown> => ({
  ...{ v: 1, id, type: 'IVR_INTERACTION', source: 'fsxinetd', time: timeOf(atMs), territoryId, regionId },
  ...{ flow: 'poisoned_menu', startedAt: timeOf(atMs - 4_000), outcome: 'queued' },
});

/** Each makes the records of one piece; whatever comes before the last is sound and must be stored. */
const MAKERS = {
  'cut JSON': (mark, atMs, scope) => [JSON.stringify(envelope(mark, atMs, scope)).slice(0, -9)],
  'bad UTF-8': (mark, atMs, scope) => {
    const text = JSON.stringify(envelope(mark, atMs, { ...scope })).replace('queued', 'queued\u00ff');
    return [Buffer.from(text, 'latin1')];
  },
  'huge and unknown': (mark, atMs, scope) => [
    JSON.stringify({ ...envelope(mark, atMs, scope), type: 'NOISE', noise: 'x'.repeat(LARGE_BYTES) }),
  ],
  'not by its schema': (mark, atMs, scope) => [JSON.stringify({ ...envelope(mark, atMs, scope), flow: { a: [1] } })],
  'of another region': (mark, atMs, scope) => [
    JSON.stringify({ ...envelope(mark, atMs, scope), regionId: FOREIGN_REGION }),
  ],
  'from the future': (mark, _atMs, scope) => [JSON.stringify(envelope(mark, Date.now() + FAR_AHEAD_MS, scope))],
  // The same thing told with another value and no higher revision: nobody can say which one is right.
  contradicting: (mark, atMs, scope) => [
    JSON.stringify(envelope(mark, atMs, scope)),
    JSON.stringify({ ...envelope(mark, atMs, scope), outcome: 'self_served' }),
  ],
} satisfies Readonly<Record<string, Maker>>;

const KINDS = Object.keys(MAKERS) as PoisonKind[];

/** Makes poison of seven kinds in turn, each piece with a mark of its own, and remembers the marks. */
export class PoisonMaker {
  readonly #scope: PoisonScope;
  readonly #marks = new Set<string>();

  constructor(scope: PoisonScope) {
    this.#scope = scope;
  }

  /** The marks that must be found among the dead letters, each once. */
  get marks(): ReadonlySet<string> {
    return this.#marks;
  }

  /** The next piece, of the kind whose turn it is. */
  next(atMs: number): Poison {
    const kind = KINDS[this.#marks.size % KINDS.length];
    if (kind === undefined) throw new Error('poison_kinds: there is no kind of poison');
    const mark = `poison-${String(this.#marks.size).padStart(MARK_DIGITS, '0')}`;
    this.#marks.add(mark);
    return { kind, mark, records: MAKERS[kind](mark, atMs, this.#scope).map((data) => Buffer.from(data)) };
  }
}

/** The mark in the bytes of a dead letter; undefined for one that is no poison. */
export function markOf(bytes: Buffer): string | undefined {
  return bytes.toString('latin1').match(MARK)?.[0];
}
