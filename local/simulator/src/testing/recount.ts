import type { Body } from '../world/wire.ts';
import type { Received } from './received.ts';

const MINUTE_MS = 60_000;
const CARRY_MINUTES = 15;
const minuteOf = (atMs: number): number => Math.floor(atMs / MINUTE_MS) * MINUTE_MS;

/** Cells keyed `metric|stat|minute|group`, each [num, den]. */
export type Cells = Map<string, [number, number]>;

export const cellKey = (
  metric: string,
  stat: string,
  minute: number,
  group: Readonly<Record<string, string>>,
): string =>
  [
    metric,
    stat,
    String(minute),
    ...Object.entries(group)
      .map(([dim, value]) => `${dim}=${value}`)
      .sort(),
  ].join('|');

type Group = Readonly<Record<string, string>>;

class Recount {
  readonly cells: Cells = new Map();
  add(metric: string, atMs: number, groups: readonly Group[], num: number, den: number, stat = ''): void {
    for (const group of groups) {
      const key = cellKey(metric, stat, minuteOf(atMs), group);
      const cell = this.cells.get(key) ?? [0, 0];
      this.cells.set(key, [cell[0] + num, cell[1] + den]);
    }
  }
}

const countVisits = (received: Received, recount: Recount): void => {
  for (const { queueId, joinedMs, leftMs, outcome, isResumed } of received.visits) {
    if (isResumed) continue;
    const groups = [{}, { queue_id: queueId }];
    const waitMs = leftMs - joinedMs;
    recount.add('queue_wait_time', leftMs, groups, waitMs, 1);
    recount.add('queue_abandon_rate', leftMs, groups, Number(outcome === 'abandoned'), 1);
    if (outcome === 'answered') {
      recount.add('call_wait_time', leftMs, groups, waitMs, 1);
      recount.add('queue_service_level', leftMs, groups, Number(waitMs <= 20_000), 1);
    }
    if (outcome === 'abandoned' && waitMs > 5_000) recount.add('queue_service_level', leftMs, groups, 0, 1);
  }
};

interface Level {
  readonly atMs: number;
  readonly depth: number;
}

const levelsOf = (received: Received, queueId: string): Level[] =>
  received.snapshots
    .filter((body) => body['type'] === 'QUEUE_SNAPSHOT')
    .flatMap((body) =>
      (body['queues'] as { queueId: string; depth: number }[])
        .filter((queue) => queue.queueId === queueId)
        .map(({ depth }) => ({ atMs: Date.parse(String(body['time'])), depth })),
    )
    .sort((a, b) => a.atMs - b.atMs);

/** The stock rule: a level, then the flows. Minutes without a level in the 60 s before carry the last one on. */
const countDepth = (received: Received, recount: Recount, queueId: string, minutes: readonly number[]): void => {
  const levels = levelsOf(received, queueId);
  const flows = [
    ...received.entries.filter((entry) => entry.queueId === queueId).map(({ atMs }) => ({ atMs, step: 1 })),
    ...received.visits.filter((visit) => visit.queueId === queueId).map(({ leftMs }) => ({ atMs: leftMs, step: -1 })),
  ];
  const groups = [{}, { queue_id: queueId }];
  const lastOf = new Map(levels.map((level) => [minuteOf(level.atMs), level]));
  for (const minute of minutes) {
    const last = lastOf.get(minute);
    if (last !== undefined) recount.add('queue_depth', minute, groups, last.depth, 1, 'now');
    const anchor = levels.findLast((level) => level.atMs < minute);
    if (anchor === undefined || minute - minuteOf(anchor.atMs) > CARRY_MINUTES * MINUTE_MS) continue;
    const opening = flows
      .filter(({ atMs }) => atMs > anchor.atMs && atMs < minute)
      .reduce((depth, { step }) => depth + step, anchor.depth);
    const integral = flows
      .filter(({ atMs }) => atMs >= minute && atMs < minute + MINUTE_MS)
      .reduce((sum, { atMs, step }) => sum + step * (minute + MINUTE_MS - atMs), opening * MINUTE_MS);
    recount.add('queue_depth', minute, [{ queue_id: queueId }], integral, MINUTE_MS);
    recount.add('queue_depth', minute, [{}], integral, 0);
  }
};

const countAgents = (received: Received, recount: Recount, endMs: number): void => {
  const states = [...received.states];
  for (const body of received.snapshots.filter((snapshot) => snapshot['type'] === 'AGENT_SNAPSHOT')) {
    for (const agent of body['agents'] as { agentId: string; teamId: string; state: string; since: string }[]) {
      states.push({ ...agent, sinceMs: Date.parse(agent.since) });
    }
  }
  for (const agentId of new Set(states.map((state) => state.agentId))) {
    const own = new Map(
      states.filter((one) => one.agentId === agentId).map((one) => [`${String(one.sinceMs)}${one.state}`, one]),
    );
    const sorted = [...own.values()].sort((a, b) => a.sinceMs - b.sinceMs);
    for (const [index, { teamId, state, sinceMs }] of sorted.entries()) {
      const untilMs = sorted[index + 1]?.sinceMs ?? endMs;
      const groups = [{}, { agent_id: agentId }, { team_id: teamId }];
      for (let minute = minuteOf(sinceMs); minute < untilMs; minute += MINUTE_MS) {
        const ms = Math.min(untilMs, minute + MINUTE_MS) - Math.max(sinceMs, minute);
        if (state === 'available') recount.add('agent_available_count', minute, groups, ms, 0);
        if (state === 'on_contact' || state === 'acw') recount.add('agent_busy_count', minute, groups, ms, 0);
      }
    }
  }
};

const countContacts = (received: Received, recount: Recount): void => {
  const groupsOf = (agentId: string, queueId: string): Group[] => [{}, { agent_id: agentId }, { queue_id: queueId }];
  for (const { agentId, queueId, endMs, ms } of received.handles) {
    recount.add('agent_handle_time', endMs, groupsOf(agentId, queueId), ms, 1);
  }
  for (const { agentId, queueId, endMs, ms } of received.acws) {
    recount.add('agent_handle_time', endMs, groupsOf(agentId, queueId), ms, 0);
    recount.add('agent_after_call_work', endMs, groupsOf(agentId, queueId), ms, 1);
  }
};

const countSystem = (received: Received, recount: Recount): void => {
  const at = (body: Body): number => Date.parse(String(body['time']));
  for (const body of received.snapshots.filter((snapshot) => snapshot['type'] === 'TRUNK_SNAPSHOT')) {
    for (const { trunkId, busy, capacity } of body['trunks'] as { trunkId: string; busy: number; capacity: number }[]) {
      const intervalMs = Number(body['intervalMs']);
      recount.add('trunk_utilization', at(body), [{}, { trunk_id: trunkId }], busy * intervalMs, capacity * intervalMs);
    }
  }
  for (const body of received.apiSamples) {
    const service = String(body['service']);
    const route = String(body['route']);
    const groups = [{}, { service }, { route }, { service, route }];
    recount.add('api_latency', at(body), groups, Number(body['latSumMs']), Number(body['n']));
    recount.add('error_rate', at(body), groups, Number(body['errors']), Number(body['n']));
  }
};

/** Counts the metrics again from what was received, by the product's own definitions. */
export const recountOf = (received: Received, startMs: number, endMs: number): Cells => {
  const recount = new Recount();
  for (const { direction, startMs: fromMs, endMs: toMs, isAnswered, isAbandoned } of received.calls) {
    const groups = [{}, { direction }];
    recount.add('call_count', toMs, groups, 1, 0);
    recount.add('call_duration', toMs, groups, toMs - fromMs, 1);
    recount.add('call_answer_rate', toMs, groups, Number(isAnswered), 1);
    recount.add('call_abandon_rate', toMs, groups, Number(isAbandoned), 1);
  }
  countVisits(received, recount);
  const minutes: number[] = [];
  for (let minute = startMs; minute < endMs; minute += MINUTE_MS) minutes.push(minute);
  const queueIds = new Set(received.entries.map((entry) => entry.queueId));
  for (const queueId of queueIds) countDepth(received, recount, queueId, minutes);
  countAgents(received, recount, endMs);
  countContacts(received, recount);
  countSystem(received, recount);
  return recount.cells;
};
