import { rfc3339, sendEnvelope } from '../emit/envelope.ts';
import type { Body } from './wire.ts';
import type { TeamCounts } from './ledger.ts';
import type { SnapshotKind, World } from './world.ts';

/**
 * Where in its interval each snapshot is taken. All lie in the first 10 s, so that whatever the interval
 * the first slot of a minute has one, and none is on a whole second, where the queues move.
 */
const OFFSETS_MS: Readonly<Record<SnapshotKind, number>> = { queue: 2_315, agent: 3_725, call: 5_135, trunk: 6_945 };

/** Runs a sampler in every interval from the first that is sent, after all that happened in that instant. */
export const everyInterval = (world: World, offsetMs: number, sample: (atMs: number) => void): void => {
  const { snapshotIntervalMs, startMs } = world.options;
  const next = (atMs: number): void => {
    world.agenda.at(atMs + snapshotIntervalMs, next, 'sample');
    sample(atMs);
  };
  const slot = Math.ceil((startMs - offsetMs) / snapshotIntervalMs);
  world.agenda.at(slot * snapshotIntervalMs + offsetMs, next, 'sample');
};

interface Part {
  readonly part: string;
  readonly fields: Body;
}

const sendParts = (world: World, type: string, atMs: number, parts: readonly Part[]): void => {
  for (const { part, fields } of parts) {
    sendEnvelope(world, {
      source: 'freeswitch',
      type,
      about: `${String(atMs)}:${part}`,
      atMs,
      fields: { part, intervalMs: world.options.snapshotIntervalMs, ...fields },
    });
  }
};

/** Cuts a list in two halves, always at the same place: a queue or team never changes its part. */
const halves = <T>(items: readonly T[]): (readonly T[])[] => {
  const middle = Math.ceil(items.length / 2);
  return [items.slice(0, middle), items.slice(middle)];
};

const sampleQueues = (world: World, atMs: number, isDelivered: boolean): void => {
  const queues = [...world.queues.values()];
  if (world.options.isRecording) {
    const depths = new Map(queues.map((queue) => [queue.id, queue.members.length]));
    world.ledger.queueSamples.push({ atMs, isDelivered, depths });
  }
  if (!isDelivered) return;
  const parts = halves(queues).map((half, index) => ({
    part: String(index),
    fields: {
      queues: half.map(({ id, members }) => ({
        queueId: id,
        depth: members.length,
        ...(members[0] === undefined ? {} : { oldestJoinedAt: rfc3339(members[0].firstJoinedMs) }),
      })),
    },
  }));
  sendParts(world, 'QUEUE_SNAPSHOT', atMs, parts);
};

const countTeams = (world: World): Map<string, TeamCounts> => {
  const teams = new Map(world.population.teams.map(({ id }) => [id, { available: 0, onContact: 0, acw: 0 }]));
  for (const agent of world.agents) {
    const counts = teams.get(agent.teamId);
    if (counts === undefined) continue;
    if (agent.state === 'available') counts.available += 1;
    if (agent.state === 'on_contact') counts.onContact += 1;
    if (agent.state === 'acw') counts.acw += 1;
  }
  return teams;
};

const sampleAgents = (world: World, atMs: number, isDelivered: boolean): void => {
  if (world.options.isRecording) world.ledger.agentSamples.push({ atMs, isDelivered, teams: countTeams(world) });
  if (!isDelivered) return;
  const parts = halves(world.population.teams).map((half, index) => ({
    part: String(index),
    fields: {
      agents: world.agents
        .filter((agent) => half.some((team) => team.id === agent.teamId))
        .map(({ id, teamId, state, sinceMs }) => ({ agentId: id, teamId, state, since: rfc3339(sinceMs) })),
    },
  }));
  sendParts(world, 'AGENT_SNAPSHOT', atMs, parts);
};

const countCalls = (world: World): Record<'inbound' | 'outbound', number> => {
  const counts = { inbound: 0, outbound: 0 };
  for (const call of world.calls) counts[call.direction] += 1;
  return counts;
};

const sampleCalls = (world: World, atMs: number, isDelivered: boolean): void => {
  const counts = countCalls(world);
  if (world.options.isRecording) world.ledger.callSamples.push({ atMs, isDelivered, inProgress: counts });
  if (!isDelivered) return;
  const directions = (['inbound', 'outbound'] as const).map((direction) => ({
    direction,
    inProgress: counts[direction],
  }));
  sendParts(world, 'CALL_SNAPSHOT', atMs, [{ part: '0', fields: { directions } }]);
};

const sampleTrunks = (world: World, atMs: number, isDelivered: boolean): void => {
  const trunks = world.trunks.map(({ id, busy, capacity }) => ({ trunkId: id, busy, capacity }));
  if (world.options.isRecording) {
    const intervalMs = world.options.snapshotIntervalMs;
    world.ledger.trunkSamples.push({ atMs, isDelivered, intervalMs, trunks });
  }
  if (isDelivered) sendParts(world, 'TRUNK_SNAPSHOT', atMs, [{ part: '0', fields: { trunks } }]);
};

const SAMPLERS: Readonly<Record<SnapshotKind, (world: World, atMs: number, isDelivered: boolean) => void>> = {
  queue: sampleQueues,
  agent: sampleAgents,
  call: sampleCalls,
  trunk: sampleTrunks,
};

const kindsOf = (world: World): readonly SnapshotKind[] => {
  if (world.agents.length === 0) return ['trunk'];
  return world.options.hasForwarder ? ['agent'] : ['queue', 'agent', 'call', 'trunk'];
};

/** Puts on record what a forwarder sees that asks now: only what it makes of it will be sent. */
export const recordAsked = (world: World, atMs: number): void => {
  if (!world.options.isRecording) return;
  const trunks = world.trunks.map(({ id, busy, capacity }) => ({ trunkId: id, busy, capacity }));
  const { snapshotIntervalMs: intervalMs } = world.options;
  world.ledger.trunkSamples.push({ atMs, isDelivered: false, intervalMs, trunks });
  world.ledger.callSamples.push({ atMs, isDelivered: false, inProgress: countCalls(world) });
};

/** Starts the snapshots of everything that the territory has, but for those that its forwarder takes. */
export const startSampling = (world: World): void => {
  const kinds = kindsOf(world);
  for (const kind of kinds) {
    everyInterval(world, OFFSETS_MS[kind], (atMs) => {
      SAMPLERS[kind](world, atMs, !world.options.isLost(kind, atMs));
    });
  }
};
