import { MINUTE_MS, QUARTER_MS, floorTo } from '../time/grid.ts';
import type { TestFact } from './local-store.ts';

/** A time in a queue, from joining to leaving. */
export interface Visit {
  readonly queue: string;
  readonly joinMs: number;
  readonly leaveMs: number;
  readonly outcome: 'answered' | 'abandoned' | 'timeout' | 'callback';
}

/** A stretch of an agent's time in one state, not cut anywhere. */
export interface StateInterval {
  readonly agent: string;
  readonly team: string;
  readonly state: 'available' | 'on_contact' | 'acw' | 'away';
  readonly fromMs: number;
  readonly toMs: number;
}

export interface World {
  readonly visits: readonly Visit[];
  readonly states: readonly StateInterval[];
}

const INTERVAL_MS = 10_000;
const SNAPSHOT_LAG_MS = 3210;
const STATES = ['available', 'on_contact', 'acw', 'away'] as const;
const OUTCOMES = ['answered', 'answered', 'abandoned', 'timeout', 'callback'] as const;

/** A small generator of repeatable chance (mulberry32). */
export function seeded(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * below);
  };
}

/** Two queues, three agents in two teams, between two instants. */
export function makeWorld(seed: number, fromMs: number, toMs: number): World {
  const chance = seeded(seed);
  const visits = Array.from({ length: 400 }, (): Visit => {
    const joinMs = fromMs + chance(toMs - fromMs - 10 * MINUTE_MS);
    const outcome = OUTCOMES[chance(OUTCOMES.length)] ?? 'answered';
    return { queue: chance(3) === 0 ? 'q_b' : 'q_a', joinMs, leaveMs: joinMs + 1 + chance(6 * MINUTE_MS), outcome };
  });
  const states: StateInterval[] = [];
  for (const [agent, team] of [
    ['ag_1', 't_x'],
    ['ag_2', 't_x'],
    ['ag_3', 't_y'],
  ] as const) {
    for (let at = fromMs; at < toMs;) {
      const end = Math.min(toMs, at + 1000 + chance(25 * MINUTE_MS));
      const state = STATES[chance(STATES.length)];
      // Without a state the agent is offline.
      if (state !== undefined && chance(8) > 0) states.push({ agent, team, state, fromMs: at, toMs: end });
      at = end;
    }
  }
  return { visits, states };
}

/** The facts of a world as of a moment, with snapshots for every slot that is not lost. */
export function factsOf(world: World, fromMs: number, nowMs: number, isLost: (slotMs: number) => boolean): TestFact[] {
  const facts: TestFact[] = [...visitFacts(world, nowMs)];
  let extendedMs = fromMs;
  for (let slotMs = fromMs; slotMs + SNAPSHOT_LAG_MS < nowMs; slotMs += INTERVAL_MS) {
    if (isLost(slotMs)) continue;
    const atMs = slotMs + SNAPSHOT_LAG_MS;
    if (slotMs % MINUTE_MS === 0) extendedMs = atMs;
    facts.push(...queueLevels(world, slotMs, atMs), ...agentLevels(world, slotMs, atMs));
  }
  return [...facts, ...sliceFacts(world, nowMs, extendedMs)];
}

function* visitFacts({ visits }: World, nowMs: number): Generator<TestFact> {
  for (const [index, { queue, joinMs, leaveMs, outcome }] of visits.entries()) {
    if (joinMs >= nowMs) continue;
    const ids = { queue_id: queue, visit_id: `v${index}`, call_id: `c${index}`, eid: `v${index}` };
    yield { fact: 'queue_metrics.join', timeMs: joinMs, values: { ...ids, n: 1, at_ms: joinMs } };
    if (leaveMs >= nowMs) continue;
    const counts = { answered: Number(outcome === 'answered'), abandoned: Number(outcome === 'abandoned') };
    const flowout = 1 - counts.answered - counts.abandoned;
    const visit = {
      n: 1,
      wait_ms: leaveMs - joinMs,
      ...counts,
      flowout,
      resumed: 0,
      join_ms: joinMs,
      outcome,
      agent_id: '-',
    };
    yield { fact: 'queue_metrics.visit', timeMs: leaveMs, values: { ...ids, ...visit } };
    const call = {
      n: 1,
      ...counts,
      dur_ms: leaveMs - joinMs + 7,
      talk_ms: 5,
      hold_ms: 0,
      wait_ms: 1,
      transfers: 0,
      start_ms: joinMs,
    };
    yield {
      fact: 'call_metrics.call',
      timeMs: leaveMs,
      values: { direction: 'inbound', queue_id: queue, agent_id: '-', outcome, eid: `c${index}`, ...call },
    };
  }
}

function queueLevels({ visits }: World, slotMs: number, atMs: number): TestFact[] {
  const sampled = { part: '0', at_ms: atMs, interval_ms: INTERVAL_MS };
  const rows = ['q_a', 'q_b'].flatMap((queue): TestFact[] => {
    const waiting = visits.filter((visit) => visit.queue === queue && visit.joinMs <= atMs && visit.leaveMs > atMs);
    if (waiting.length === 0) return [];
    const oldest = Math.min(...waiting.map(({ joinMs }) => joinMs));
    const values = { ...sampled, queue_id: queue, depth: waiting.length, oldest_join_ms: oldest };
    return [{ fact: 'queue_metrics.level', timeMs: slotMs, values }];
  });
  return [...rows, { fact: 'queue_metrics.level', timeMs: slotMs, values: { ...sampled, queue_id: '*', depth: 0 } }];
}

function agentLevels({ states }: World, slotMs: number, atMs: number): TestFact[] {
  const sampled = { part: '0', at_ms: atMs, interval_ms: INTERVAL_MS };
  const teams = ['t_x', 't_y'].flatMap((team): TestFact[] => {
    const present = states.filter(
      (interval) => interval.team === team && interval.fromMs <= atMs && interval.toMs > atMs,
    );
    const counts = Object.fromEntries(
      STATES.map((state) => [state, present.filter((interval) => interval.state === state).length]),
    );
    if (present.length === 0) return [];
    return [
      {
        fact: 'agent_metrics.level',
        timeMs: slotMs,
        values: { ...sampled, ...counts, staffed: present.length, team_id: team },
      },
    ];
  });
  const none = { available: 0, on_contact: 0, acw: 0, away: 0, staffed: 0 };
  return [...teams, { fact: 'agent_metrics.level', timeMs: slotMs, values: { ...sampled, ...none, team_id: '*' } }];
}

/** Slices: closed intervals whole, open ones up to their last extension, all cut at quarters of an hour. */
function sliceFacts({ states }: World, nowMs: number, extendedMs: number): TestFact[] {
  return states.flatMap(({ agent, team, state, fromMs, toMs }) => {
    if (fromMs >= nowMs) return [];
    const endMs = toMs <= nowMs ? toMs : Math.max(fromMs, extendedMs);
    const slices: TestFact[] = [];
    for (let at = fromMs; at === fromMs || at < endMs; at = floorTo(at, QUARTER_MS) + QUARTER_MS) {
      const ms = Math.max(0, Math.min(endMs, floorTo(at, QUARTER_MS) + QUARTER_MS) - at);
      slices.push({
        fact: 'agent_metrics.slice',
        timeMs: at,
        values: { agent_id: agent, team_id: team, state, ms },
        version: ms + 1,
      });
    }
    return slices;
  });
}
