/** Where something stands in time: the switch's clock, and for equal instants the order in which we heard it. */
export interface Moment {
  readonly atMs: number;
  readonly order: number;
}

/** A caller who came into a queue or left it. */
export interface QueueMove extends Moment {
  readonly queue: string;
  readonly memberUuid: string;
  /** Epoch ms of the first join of who came in; undefined for who left. */
  readonly joinedMs: number | undefined;
}

/** Depth of one queue at an instant. */
export interface QueueLevel {
  readonly depth: number;
  readonly oldestJoinedMs: number | undefined;
}

/** What a list said of one queue: who was waiting, by member, with the ms of the first join. */
export interface QueueReading extends Moment {
  readonly members: ReadonlyMap<string, number>;
}

const MAX_MOVES = 100_000;

function isAfter(move: Moment, than: Moment): boolean {
  return move.atMs > than.atMs || (move.atMs === than.atMs && move.order > than.order);
}

/**
 * Brings readings of many queues, which the switch answers one after another, to one instant: moves heard between the
 * reading of a queue and that instant are added to what was read.
 */
export class QueueMoves {
  private moves = new Map<string, QueueMove[]>();
  private count = 0;
  private isRecording = false;

  /** Begins to keep moves. */
  begin(): void {
    this.end();
    this.isRecording = true;
  }

  /** Stops and forgets. */
  end(): void {
    this.moves = new Map();
    this.count = 0;
    this.isRecording = false;
  }

  add(move: QueueMove): void {
    if (!this.isRecording || this.isTooMany) return;
    this.count += 1;
    const moves = this.moves.get(move.queue);
    if (moves === undefined) this.moves.set(move.queue, [move]);
    else moves.push(move);
  }

  /** Whether so many moved in one round that they are no longer kept: the round is worth nothing. */
  get isTooMany(): boolean {
    return this.count >= MAX_MOVES;
  }

  /** The level of a queue at `at`, from its reading. */
  levelAt(queue: string, reading: QueueReading, at: Moment): QueueLevel {
    const members = new Map(reading.members);
    for (const move of this.moves.get(queue) ?? []) {
      if (!isAfter(move, reading) || isAfter(move, at)) continue;
      if (move.joinedMs === undefined) members.delete(move.memberUuid);
      else members.set(move.memberUuid, move.joinedMs);
    }
    let oldestJoinedMs: number | undefined;
    for (const joinedMs of members.values()) {
      if (oldestJoinedMs === undefined || joinedMs < oldestJoinedMs) oldestJoinedMs = joinedMs;
    }
    return { depth: members.size, oldestJoinedMs };
  }
}
