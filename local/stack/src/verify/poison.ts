/** A record that no worker can store, on its way to the stream. */
export interface Poison {
  readonly data: Buffer;
  readonly partitionKey: string;
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

const timeOf = (atMs: number): string => new Date(atMs).toISOString();
const envelope = (id: string, atMs: number, { territoryId, regionId }: PoisonScope): Record<string, unknown> => ({
  ...{ v: 1, id, type: 'IVR_INTERACTION', source: 'fsxinetd', time: timeOf(atMs), territoryId, regionId },
  ...{ flow: 'poisoned_menu', startedAt: timeOf(atMs - 4_000), outcome: 'queued' },
});

/** Each makes the records of one piece; whatever comes before the last is sound and must be stored. */
const MAKERS: Readonly<Record<string, Maker>> = {
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
};

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

  /** A mark for poison that somebody else makes. */
  mark(): string {
    const mark = `poison-${String(this.#marks.size).padStart(MARK_DIGITS, '0')}`;
    this.#marks.add(mark);
    return mark;
  }

  /** The records of the next piece, in order; of a pair only the second dies. */
  next(atMs: number): Poison[] {
    const makers = Object.values(MAKERS);
    const make = makers[this.#marks.size % makers.length];
    if (make === undefined) throw new Error('poison_kinds: there is no kind of poison');
    const mark = this.mark();
    return make(mark, atMs, this.#scope).map((data) => ({ data: Buffer.from(data), partitionKey: mark }));
  }
}

/** The mark in the bytes of a dead letter; undefined for one that is no poison. */
export function markOf(bytes: Buffer): string | undefined {
  return bytes.toString('latin1').match(MARK)?.[0];
}
