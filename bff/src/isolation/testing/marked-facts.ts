import type { TestFact } from '../../features/metrics/testing/local-store.ts';
import { OUTSIDE_MARK, OWN } from './territories.ts';
import type { MarkedTerritory } from './territories.ts';

const MINUTE_MS = 60_000;
const SLOT_MS = 10_000;

/** Calls in the queue that all territories have: another count in each, so that a mixed-up answer shows in its numbers. */
export function callsOf({ id }: MarkedTerritory): number {
  return id - 90;
}

interface Place {
  readonly territoryId: number;
  readonly queue: string;
  readonly agent: string;
  readonly team: string;
  /** Part of the ids of calls. */
  readonly mark: string;
}

function callFacts({ territoryId, queue, agent, team, mark }: Place, count: number, nowMs: number): TestFact[] {
  return Array.from({ length: count }, (_, index): TestFact[] => {
    const call = `c_${mark}_${queue}_${String(index)}`;
    const leaveMs = nowMs - 10 * MINUTE_MS - index;
    const joinMs = leaveMs - 5_000;
    const ids = { queue_id: queue, visit_id: `v_${call}`, call_id: call, eid: call };
    const outcome = { n: 1, answered: 1, abandoned: 0, outcome: 'answered', agent_id: agent };
    return [
      { territoryId, fact: 'queue_metrics.join', timeMs: joinMs, values: { ...ids, n: 1, at_ms: joinMs } },
      {
        territoryId,
        fact: 'queue_metrics.visit',
        timeMs: leaveMs,
        values: { ...ids, ...outcome, wait_ms: 5_000, flowout: 0, resumed: 0, join_ms: joinMs },
      },
      {
        territoryId,
        fact: 'call_metrics.call',
        timeMs: leaveMs,
        values: {
          ...ids,
          ...outcome,
          direction: 'inbound',
          dur_ms: 6_000,
          talk_ms: 500,
          hold_ms: 0,
          wait_ms: 5_000,
          transfers: 0,
          start_ms: joinMs,
        },
      },
      {
        territoryId,
        fact: 'agent_metrics.handle',
        timeMs: leaveMs,
        values: { agent_id: agent, team_id: team, queue_id: queue, n: 1, talk_ms: 500, hold_ms: 0, eid: `h_${call}` },
      },
    ];
  }).flat();
}

function presentFacts({ territoryId, queue, agent, team, mark }: Place, nowMs: number): TestFact[] {
  const slotMs = Math.floor(nowMs / SLOT_MS) * SLOT_MS - 2 * SLOT_MS;
  const sampled = { part: '0', at_ms: slotMs + 1, interval_ms: SLOT_MS };
  const call = `w_${mark}_${queue}`;
  return [
    {
      territoryId,
      fact: 'queue_metrics.join',
      timeMs: slotMs,
      values: { queue_id: queue, visit_id: `v_${call}`, call_id: call, eid: call, n: 1, at_ms: slotMs },
    },
    {
      territoryId,
      fact: 'queue_metrics.level',
      timeMs: slotMs,
      values: { ...sampled, queue_id: queue, depth: 1, oldest_join_ms: slotMs },
    },
    { territoryId, fact: 'queue_metrics.level', timeMs: slotMs, values: { ...sampled, queue_id: '*', depth: 0 } },
    {
      territoryId,
      fact: 'agent_metrics.slice',
      timeMs: slotMs,
      values: { agent_id: agent, team_id: team, state: 'available', ms: SLOT_MS },
      version: SLOT_MS + 1,
    },
    {
      territoryId,
      fact: 'agent_metrics.level',
      timeMs: slotMs,
      values: { ...sampled, team_id: team, available: 1, on_contact: 0, acw: 0, away: 0, staffed: 1 },
    },
  ];
}

/** What happened in a territory of the attack: in the queue that all have, and in one whose id bears the mark. */
export function markedFacts(territory: MarkedTerritory, nowMs: number): readonly TestFact[] {
  const { id: territoryId, mark } = territory;
  const shared = { territoryId, queue: 'q_same', agent: 'ag_same', team: 't_same', mark };
  const places: Place[] = [shared, { ...shared, queue: `q_${mark}`, agent: `ag_${mark}` }];
  if (territoryId === OWN.id)
    places.push({
      ...shared,
      queue: `q_${OUTSIDE_MARK}`,
      agent: `ag_${OUTSIDE_MARK}`,
      team: 't_outside',
      mark: OUTSIDE_MARK,
    });
  return places.flatMap((place, at) => [
    ...callFacts(place, at === 0 ? callsOf(territory) : 3, nowMs),
    ...presentFacts(place, nowMs),
  ]);
}
