import { HttpProblem } from '../../http/problem.ts';
import type { MemberInterval } from './directory-editor.ts';
import { isPersonal } from './directory-items.ts';

/** An interval as a request gives it. */
interface GivenInterval {
  readonly agentId: string;
  readonly validFrom?: string;
  readonly validTo?: string | null;
}

function refuse(index: number, why: string): never {
  throw new HttpProblem('invalid_request', `Nothing was changed: member ${String(index)} ${why}.`);
}

/** Reads intervals: without a beginning they begin now, without an end they go on. Refuses those that overlap or end early. */
export function readIntervals(
  given: readonly GivenInterval[],
  pseudonymise: (id: string) => string,
  now: Date,
): MemberInterval[] {
  const intervals = given.map(({ agentId, validFrom, validTo }, index) => {
    const interval = {
      agentId: pseudonymise(agentId),
      from: validFrom === undefined ? now : new Date(validFrom),
      to: validTo === undefined || validTo === null ? null : new Date(validTo),
    };
    if (Number.isNaN(interval.from.getTime()) || Number.isNaN(interval.to?.getTime() ?? 0))
      refuse(index, 'names an instant that does not exist');
    if (interval.to !== null && interval.to <= interval.from) refuse(index, 'ends before it begins');
    if (isPersonal(interval.agentId)) refuse(index, 'looks like an address or a telephone number; use another id');
    return interval;
  });
  for (const own of Map.groupBy(intervals.entries(), ([, { agentId }]) => agentId).values()) {
    const inOrder = own.toSorted(([, a], [, b]) => a.from.getTime() - b.from.getTime());
    for (const [position, [index, { from }]] of inOrder.entries()) {
      const before = inOrder[position - 1]?.[1];
      if (before !== undefined && (before.to === null || before.to > from))
        refuse(index, 'overlaps another interval of the same agent');
    }
  }
  return intervals;
}
