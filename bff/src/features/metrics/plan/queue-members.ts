import type { Membership, ValueSpan } from '../scans/membership.ts';
import type { TimeRange } from '../time/range.ts';

/** That an agent serves a queue from one instant (included) to another (excluded; null: until further notice). Epoch ms. */
export interface QueueMember {
  readonly queueId: string;
  readonly agentId: string;
  readonly fromMs: number;
  readonly toMs: number | null;
}

type Members = readonly QueueMember[];

// The directory gives the very same list while nothing has changed, and boards ask every second.
const conditions = new WeakMap<Members, Map<string, Membership>>();
const MOST_CONDITIONS = 200;

/**
 * The condition that a slice belongs to an agent who served one of some queues when the slice began: who has left a queue
 * still belongs to its past. It holds all instants of change, so that a change of membership is another condition, hence
 * another scan.
 */
export function servedBy(members: Members, queueIds: readonly string[], negated = false): Membership {
  const known = conditions.get(members) ?? new Map<string, Membership>();
  conditions.set(members, known);
  const key = JSON.stringify([negated, [...new Set(queueIds)].sort()]);
  const condition = known.get(key) ?? conditionOf(members, new Set(queueIds), negated);
  if (known.size >= MOST_CONDITIONS) known.clear();
  known.set(key, condition);
  return condition;
}

function conditionOf(members: Members, queueIds: ReadonlySet<string>, negated: boolean): Membership {
  const always = new Set<string>();
  const byInterval = new Map<string, { readonly fromMs: number; readonly toMs: number | null; agents: Set<string> }>();
  for (const { queueId, agentId, fromMs, toMs } of members) {
    if (!queueIds.has(queueId)) continue;
    if (fromMs <= 0 && toMs === null) always.add(agentId);
    else {
      const key = `${String(fromMs)} ${String(toMs)}`;
      const interval = byInterval.get(key) ?? { fromMs, toMs, agents: new Set<string>() };
      byInterval.set(key, interval);
      interval.agents.add(agentId);
    }
  }
  const spans = [...byInterval]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { fromMs, toMs, agents }]): ValueSpan => ({
      fromMs,
      toMs,
      values: [...agents].filter((agent) => !always.has(agent)).sort(),
    }))
    .filter(({ values }) => values.length > 0);
  const values = [...always].sort();
  return { column: 'agent_id', values, negated, ...(spans.length === 0 ? {} : { spans }) };
}

/** The agents who serve one of some queues at an instant. */
export function servingAt(members: Members, queueIds: readonly string[], atMs: number): string[] {
  const wanted = new Set(queueIds);
  const serving = members.filter(
    ({ queueId, fromMs, toMs }) => wanted.has(queueId) && fromMs <= atMs && (toMs === null || atMs < toMs),
  );
  return [...new Set(serving.map(({ agentId }) => agentId))].sort();
}

/** Puts the slices of agents into the queues that they served: one counts for each of them, and for none without any. */
export class QueueGroups {
  readonly #ofAgent: Map<string, QueueMember[]>;

  /** `shown` are the only queues there are, for whoever asks; without it all are. */
  constructor(members: Members, shown: ReadonlySet<string> | undefined) {
    const visible = shown === undefined ? members : members.filter(({ queueId }) => shown.has(queueId));
    this.#ofAgent = Map.groupBy(visible, ({ agentId }) => agentId);
  }

  /** The queues that an agent served at an instant. */
  queuesAt(agentId: string, atMs: number): readonly string[] {
    const own = this.#ofAgent.get(agentId) ?? [];
    const held = own.filter(({ fromMs, toMs }) => fromMs <= atMs && (toMs === null || atMs < toMs));
    return [...new Set(held.map(({ queueId }) => queueId))];
  }

  /** Whether an agent served the same queues at every instant of a range. */
  isSteady(agentId: string, { fromMs, toMs }: TimeRange): boolean {
    const isInside = (ms: number | null): boolean => ms !== null && ms > fromMs && ms < toMs;
    return (this.#ofAgent.get(agentId) ?? []).every((span) => !isInside(span.fromMs) && !isInside(span.toMs));
  }
}
