import type { AgentState } from '@lumina/contracts';

import { sha256Hex } from '../core/hash.ts';
import { rfc3339Of } from '../core/instants.ts';
import type { AgentTransition } from './agent-states.ts';
import { cutIntoParts, MAX_PARTS, type SnapshotPart } from './parts.ts';
import type { QueueLevel } from './queue-levels.ts';

/** For whom and of when a snapshot is; `coreUuid` names the life of the switch that it was taken in. */
export interface SnapshotScope {
  readonly territoryId: number;
  readonly regionId: number;
  readonly coreUuid: string;
  /** Epoch ms by the clock of the switch. */
  readonly atMs: number;
  readonly intervalMs: number;
  /** Begins the names of all parts: two switches that share a territory need different ones. */
  readonly partPrefix: string;
}

/** A queue in a snapshot. */
export interface QueueSample extends QueueLevel {
  readonly queueId: string;
}
/** An agent in a snapshot. */
export interface AgentSample {
  readonly agentId: string;
  readonly teamId: string;
  readonly state: AgentState;
  readonly sinceMs: number;
}
/** A trunk in a snapshot. */
export interface TrunkSample {
  readonly trunkId: string;
  readonly busy: number;
  readonly capacity: number;
}

/** An event of ours, before it is encoded. */
export type Envelope = Readonly<Record<string, unknown>> & { readonly id: string };

/** An event must fit a record of the stream, its header too. */
const MAX_EVENT_BYTES = 900_000;

function envelopeOf(scope: SnapshotScope, type: string, part: string, fields: object): Envelope {
  const { territoryId, regionId, coreUuid, atMs, intervalMs } = scope;
  return {
    v: 1,
    id: `${coreUuid}:${type}:${String(territoryId)}:${String(atMs)}:${part}`,
    type,
    source: 'freeswitch',
    time: rfc3339Of(atMs),
    territoryId,
    regionId,
    part,
    intervalMs,
    ...fields,
  };
}

/** Events of a snapshot, and into how many parts it was cut. */
export interface CutSnapshot {
  readonly events: readonly Envelope[];
  readonly parts: number;
}

interface SnapshotOf<T> {
  readonly type: string;
  readonly items: readonly T[];
  readonly keyOf: (item: T) => string;
  readonly fieldsOf: (items: readonly T[]) => object;
}

/** Cuts into at least `parts`, and into more when a part does not fit an event; throws when no number is enough. */
function cut<T>(scope: SnapshotScope, { type, items, keyOf, fieldsOf }: SnapshotOf<T>, parts: number): CutSnapshot {
  for (let count = parts; count <= MAX_PARTS; count *= 2) {
    const events = cutIntoParts(items, keyOf, count, scope.partPrefix).map(({ part, items: own }: SnapshotPart<T>) =>
      envelopeOf(scope, type, part, fieldsOf(own)),
    );
    if (events.every((event) => Buffer.byteLength(JSON.stringify(event)) <= MAX_EVENT_BYTES)) {
      return { events, parts: count };
    }
  }
  throw new RangeError(
    `A ${type} does not fit ${String(MAX_PARTS)} parts; serve fewer queues or agents by one switch.`,
  );
}

/** QUEUE_SNAPSHOT: depth of every queue. */
export function queueSnapshot(scope: SnapshotScope, queues: readonly QueueSample[], parts: number): CutSnapshot {
  const fieldsOf = (own: readonly QueueSample[]): object => ({
    queues: own.map(({ queueId, depth, oldestJoinedMs }) => ({
      queueId,
      depth,
      ...(oldestJoinedMs === undefined ? {} : { oldestJoinedAt: rfc3339Of(oldestJoinedMs) }),
    })),
  });
  return cut(scope, { type: 'QUEUE_SNAPSHOT', items: queues, keyOf: ({ queueId }) => queueId, fieldsOf }, parts);
}

/** AGENT_SNAPSHOT: state of every agent, cut by teams. */
export function agentSnapshot(scope: SnapshotScope, agents: readonly AgentSample[], parts: number): CutSnapshot {
  const fieldsOf = (own: readonly AgentSample[]): object => ({
    agents: own.map(({ agentId, teamId, state, sinceMs }) => ({ agentId, teamId, state, since: rfc3339Of(sinceMs) })),
  });
  return cut(scope, { type: 'AGENT_SNAPSHOT', items: agents, keyOf: ({ teamId }) => teamId, fieldsOf }, parts);
}

/** CALL_SNAPSHOT: calls in progress by direction. */
export function callSnapshot(scope: SnapshotScope, inProgress: ReadonlyMap<string, number>): Envelope {
  const directions = [...inProgress].map(([direction, count]) => ({ direction, inProgress: count }));
  return envelopeOf(scope, 'CALL_SNAPSHOT', `${scope.partPrefix}0`, { directions });
}

/** TRUNK_SNAPSHOT: channels in use of every trunk. */
export function trunkSnapshot(scope: SnapshotScope, trunks: readonly TrunkSample[]): Envelope {
  return envelopeOf(scope, 'TRUNK_SNAPSHOT', `${scope.partPrefix}0`, { trunks });
}

/** Whose state changed, and the event of the switch that said so; a list says so without one. */
export interface AgentStateScope {
  readonly territoryId: number;
  readonly regionId: number;
  readonly coreUuid: string;
  readonly sequence: string | undefined;
  readonly teamId: string;
}

/** AGENT_STATE of a transition. The same transition of the same event has the same id for ever. */
export function agentStateEvent(scope: AgentStateScope, transition: AgentTransition): Envelope {
  const { agentId, state, sinceMs, previous } = transition;
  const mark = `${agentId}\n${state}\n${String(sinceMs)}`;
  return {
    v: 1,
    // Hashed, since an agent's name may be an address.
    id: `${scope.coreUuid}:${scope.sequence ?? `AGENT_STATE:${sha256Hex(mark).slice(0, 24)}`}`,
    type: 'AGENT_STATE',
    source: 'freeswitch',
    time: rfc3339Of(sinceMs),
    territoryId: scope.territoryId,
    regionId: scope.regionId,
    agentId,
    teamId: scope.teamId,
    state,
    since: rfc3339Of(sinceMs),
    previous: previous === null ? null : { state: previous.state, since: rfc3339Of(previous.sinceMs) },
  };
}
