import type { AgentSample, AgentState, Ledger } from '../world/ledger.ts';
import { clippedMinutes, MINUTE_MS, minuteOf, minutesOf, Tally } from './truth-line.ts';
import type { TruthLine, TruthRange } from './truth-line.ts';

const COUNTED: Readonly<Record<string, readonly AgentState[]>> = {
  agent_available_count: ['available'],
  agent_busy_count: ['on_contact', 'acw'],
  agent_on_contact_count: ['on_contact'],
};

/**
 * Agents on the average: time in the state, clipped to the minute, over the minute. The total has a line even when
 * nobody was in the state; an agent or team has none then.
 */
const countTruth = (ledger: Ledger, range: TruthRange): TruthLine[] => {
  const lines: TruthLine[] = [];
  for (const [metric, states] of Object.entries(COUNTED)) {
    const tally = new Tally(range, ledger.territoryId, metric);
    for (const minute of minutesOf(range)) tally.add(minute, [{}], 0, MINUTE_MS);
    for (const record of ledger.states) {
      if (!states.includes(record.state)) continue;
      const groups = [{}, { agent_id: record.agentId }, { team_id: record.teamId }];
      for (const { minute, ms } of clippedMinutes(range, record.fromMs, record.toMs)) {
        tally.add(minute, groups, ms, 0);
      }
    }
    lines.push(...tally.lines().map((line) => ({ ...line, den: MINUTE_MS })));
  }
  return lines;
};

const occupancyTruth = (ledger: Ledger, range: TruthRange): TruthLine[] => {
  const tally = new Tally(range, ledger.territoryId, 'occupancy');
  for (const { agentId, teamId, state, fromMs, toMs } of ledger.states) {
    if (state === 'offline' || state === 'away') continue;
    const groups = [{}, { agent_id: agentId }, { team_id: teamId }];
    for (const { minute, ms } of clippedMinutes(range, fromMs, toMs)) {
      tally.add(minute, groups, state === 'available' ? 0 : ms, ms);
    }
  }
  return tally.lines();
};

/** Agents now: at the last snapshot of the minute that was delivered. */
const countNowTruth = (ledger: Ledger, range: TruthRange): TruthLine[] => {
  const last = new Map<number, AgentSample>();
  for (const sample of ledger.agentSamples) if (sample.isDelivered) last.set(minuteOf(sample.atMs), sample);
  const tallyOf = (metric: string): Tally => new Tally(range, ledger.territoryId, metric, 'now');
  const available = tallyOf('agent_available_count');
  const busy = tallyOf('agent_busy_count');
  const onContact = tallyOf('agent_on_contact_count');
  for (const { atMs, teams } of last.values()) {
    for (const tally of [available, busy, onContact]) tally.add(atMs, [{}], 0, 1);
    for (const [teamId, counts] of teams) {
      for (const [tally, count] of [
        [available, counts.available],
        [busy, counts.onContact + counts.acw],
        [onContact, counts.onContact],
      ] as const) {
        tally.add(atMs, [{}], count, 0);
        tally.add(atMs, [{ team_id: teamId }], count, 1);
      }
    }
  }
  return [available, busy, onContact].flatMap((tally) => tally.lines());
};

/** Handle time and after-call work belong to the minute in which the contact ended. */
const handleTruth = (ledger: Ledger, range: TruthRange): TruthLine[] => {
  const handle = new Tally(range, ledger.territoryId, 'agent_handle_time');
  const acw = new Tally(range, ledger.territoryId, 'agent_after_call_work');
  const groupsOf = (agentId: string, queueId: string): Record<string, string>[] => [
    {},
    { agent_id: agentId },
    { queue_id: queueId },
  ];
  for (const { agentId, queueId, contactEndMs, talkMs } of ledger.handles) {
    handle.add(contactEndMs, groupsOf(agentId, queueId), talkMs, 1);
  }
  for (const { agentId, queueId, contactEndMs, acwMs } of ledger.acws) {
    handle.add(contactEndMs, groupsOf(agentId, queueId), acwMs, 0);
    acw.add(contactEndMs, groupsOf(agentId, queueId), acwMs, 1);
  }
  return [...handle.lines(), ...acw.lines()];
};

export const agentTruth = (ledger: Ledger, range: TruthRange): TruthLine[] => [
  ...countTruth(ledger, range),
  ...occupancyTruth(ledger, range),
  ...countNowTruth(ledger, range),
  ...handleTruth(ledger, range),
];
