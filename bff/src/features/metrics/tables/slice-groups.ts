import type { QueueGroups } from '../plan/queue-members.ts';
import type { Slice } from '../scans/scan.ts';
import type { ScanSet } from '../scans/scan-set.ts';
import type { RowSelection, SumCell } from '../scans/sum-merge.ts';
import type { TimeRange } from '../time/range.ts';

/** Which slices are wanted, and in which groups; slices have no queue of their own. */
export interface SliceSelection extends RowSelection {
  /** Where `groupBy` names `queue_id`: which queues an agent served. */
  readonly byQueue?: QueueGroups | undefined;
}

const AGENT = 'agent_id';
const QUEUE = 'queue_id';

/** Reads slices, and sums of them, in groups that may name the queues that their agents served. */
export class SliceGroups {
  /** What is read: by agent instead of by queue. */
  readonly selection: RowSelection;
  readonly #byQueue: QueueGroups | undefined;
  readonly #groupBy: readonly string[];

  constructor({ byQueue, ...selection }: SliceSelection) {
    this.#byQueue = byQueue;
    this.#groupBy = selection.groupBy;
    const others = selection.groupBy.filter((name) => name !== QUEUE && name !== AGENT);
    this.selection = byQueue === undefined ? selection : { ...selection, groupBy: [...others, AGENT] };
  }

  /** Slices as they are, each in all of its groups. */
  async slices(scans: ScanSet, range: TimeRange): Promise<Slice[]> {
    return this.#placed(await scans.slices(this.selection, range));
  }

  /** Sums in their groups. Where an agent's queues change within a bucket, the slices of the bucket are read instead. */
  async sums(
    scans: ScanSet,
    cells: readonly SumCell[],
    { binMs, range }: { readonly binMs: number; readonly range: TimeRange },
  ): Promise<{ readonly cells: readonly SumCell[]; readonly slices: readonly Slice[] }> {
    const groups = this.#byQueue;
    if (groups === undefined) return { cells, slices: [] };
    const placed: SumCell[] = [];
    const changing = new Map<number, Set<string>>();
    for (const cell of cells) {
      const agent = this.#agentOf(cell.group);
      const bucket = bucketOf(cell.startMs, binMs, range);
      if (groups.isSteady(agent, bucket)) {
        for (const queue of groups.queuesAt(agent, bucket.fromMs))
          placed.push({ ...cell, group: this.#groupOf(cell.group, queue) });
      } else changing.set(cell.startMs, (changing.get(cell.startMs) ?? new Set()).add(agent));
    }
    const slices = await Promise.all(
      [...changing].map(async ([startMs, agents]) => {
        const found = await scans.slices(this.selection, bucketOf(startMs, binMs, range));
        return this.#placed(found.filter(({ group }) => agents.has(this.#agentOf(group))));
      }),
    );
    return { cells: placed, slices: slices.flat() };
  }

  #agentOf(group: readonly string[]): string {
    return group[this.selection.groupBy.length - 1] ?? '';
  }

  #groupOf(group: readonly string[], queue: string): string[] {
    return this.#groupBy.map((name) => (name === QUEUE ? queue : (group[this.selection.groupBy.indexOf(name)] ?? '')));
  }

  #placed(slices: readonly Slice[]): Slice[] {
    const groups = this.#byQueue;
    if (groups === undefined) return [...slices];
    return slices.flatMap((slice) =>
      groups
        .queuesAt(this.#agentOf(slice.group), slice.startMs)
        .map((queue) => ({ ...slice, group: this.#groupOf(slice.group, queue) })),
    );
  }
}

function bucketOf(startMs: number, binMs: number, range: TimeRange): TimeRange {
  return { fromMs: Math.max(startMs, range.fromMs), toMs: Math.min(startMs + binMs, range.toMs) };
}
