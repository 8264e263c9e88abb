import type { Oracle } from './oracle.ts';
import type { Random } from './random.ts';

/** An event as a source sends it. */
export type SentEvent = Readonly<Record<string, unknown>>;

/** What the stories of a territory share. */
export interface StoryScope {
  readonly territoryId: number;
  readonly regionId: number;
  readonly random: Random;
  readonly oracle: Oracle;
  /** Told of every event, in the order of what happened. */
  readonly send: (event: SentEvent, key: string) => void;
}

const QUEUES = ['q-sales', 'q-support', 'q-billing'] as const;
const AGENTS = ['agent-ann', 'agent-bob', 'agent-cyd', 'agent-dee'] as const;
const FLOWOUTS = ['timeout', 'no_agent', 'key', 'overflow', 'callback'] as const;

const at = (ms: number): string => new Date(ms).toISOString();

function write(scope: StoryScope, key: string, id: string, type: string, ms: number, fields: object): void {
  const { territoryId, regionId } = scope;
  scope.send({ v: 1, id, type, source: 'freeswitch', time: at(ms), territoryId, regionId, ...fields }, key);
}

interface Call {
  readonly callId: string;
  readonly startMs: number;
  readonly direction: string;
  readonly queueId: string;
  readonly agentId: string;
}

interface Stay {
  readonly stayId: string;
  readonly joinMs: number;
  readonly leaveMs: number;
  readonly outcome: string;
}

const NOTHING = { n: 0, wait_ms: 0, answered: 0, abandoned: 0, flowout: 0, resumed: 0 };

function leave(scope: StoryScope, call: Call, stay: Stay): void {
  const { callId, queueId, agentId } = call;
  const { stayId, outcome, joinMs, leaveMs } = stay;
  const fields = { visitId: `v-${callId}`, stayId, queueId, callId, joinedAt: at(joinMs), outcome };
  write(scope, callId, `${stayId}-leave`, 'QUEUE_LEAVE', leaveMs, {
    ...fields,
    ...(outcome === 'answered' ? { agentId } : {}),
  });
}

function countVisit(scope: StoryScope, call: Call, stay: Stay, parts: Partial<typeof NOTHING>): void {
  const wait = { n: 1, wait_ms: stay.leaveMs - stay.joinMs };
  scope.oracle.add(scope.territoryId, 'queue_metrics.visit', call.queueId, stay.leaveMs, {
    ...NOTHING,
    ...wait,
    ...parts,
  });
}

/** An answer; sometimes it turns out to be none, and the caller waits on. Returns when the queue was left for good. */
function answeredStay(scope: StoryScope, call: Call, joinMs: number, fromMs: number, number: number): number {
  const { random } = scope;
  const { callId, queueId } = call;
  const stay = {
    stayId: `s-${callId}-${String(number)}`,
    joinMs,
    leaveMs: fromMs + random.between(500, 20_000),
    outcome: 'answered',
  };
  leave(scope, call, stay);
  if (number > 2 || !random.isLucky(0.25)) {
    countVisit(scope, call, stay, { answered: 1 });
    return stay.leaveMs;
  }
  const undoneMs = stay.leaveMs + random.between(1, 2000);
  write(scope, callId, `${stay.stayId}-undo`, 'QUEUE_UNANSWER', undoneMs, {
    stayId: stay.stayId,
    queueId,
    joinedAt: at(joinMs),
    answeredAt: at(stay.leaveMs),
  });
  return answeredStay(scope, call, joinMs, undoneMs, number + 1);
}

/** A caller gives up, and sometimes comes back to the place they had. Returns when they were answered after all. */
function abandonedStay(scope: StoryScope, call: Call, joinMs: number): { leaveMs: number; isAnswered: boolean } {
  const { random, oracle, territoryId } = scope;
  const { callId, queueId } = call;
  const stay = { stayId: `s-${callId}-a`, joinMs, leaveMs: joinMs + random.between(500, 30_000), outcome: 'abandoned' };
  leave(scope, call, stay);
  if (!random.isLucky(0.4)) {
    countVisit(scope, call, stay, { abandoned: 1 });
    return { leaveMs: stay.leaveMs, isAnswered: false };
  }
  countVisit(scope, call, stay, { resumed: 1 });
  const backMs = stay.leaveMs + random.between(100, 5000);
  const undoes = { stayId: stay.stayId, time: at(stay.leaveMs), joinedAt: at(joinMs), callId };
  write(scope, callId, `${stay.stayId}-back`, 'QUEUE_RESUME', backMs, {
    visitId: `v-${callId}`,
    queueId,
    callId,
    undoes,
  });
  oracle.add(territoryId, 'queue_metrics.resume', queueId, backMs, { n: 1, matched: 1 });
  return { leaveMs: answeredStay(scope, call, joinMs, backMs, 1), isAnswered: true };
}

interface Contact {
  readonly endMs: number;
  readonly talkMs: number;
  readonly holdMs: number;
}

/** The contact's own record and the work after it; sometimes corrected. */
function contact(scope: StoryScope, call: Call, { endMs, talkMs, holdMs }: Contact): void {
  const { random, oracle, territoryId } = scope;
  const { callId, queueId, agentId } = call;
  const contactId = `k-${callId}`;
  const common = { contactId, agentId, teamId: 'team-one', queueId };
  const handle = { ...common, startedAt: at(endMs - talkMs - holdMs), talkMs, holdMs };
  write(scope, agentId, `${contactId}-handle`, 'AGENT_HANDLE', endMs, handle);
  let lastTalkMs = talkMs;
  if (random.isLucky(0.15)) {
    lastTalkMs = talkMs + random.between(1, 999);
    write(scope, agentId, `${contactId}-handle`, 'AGENT_HANDLE', endMs, { ...handle, talkMs: lastTalkMs, rev: 2 });
  }
  oracle.add(territoryId, 'agent_metrics.handle', queueId, endMs, { n: 1, talk_ms: lastTalkMs, hold_ms: holdMs });
  if (!random.isLucky(0.7)) return;
  const acwMs = random.between(1000, 40_000);
  write(scope, agentId, `${contactId}-acw`, 'AGENT_ACW', endMs + acwMs, { ...common, contactEnd: at(endMs), acwMs });
  oracle.add(territoryId, 'agent_metrics.acw', queueId, endMs, { n: 1, acw_ms: acwMs });
}

interface Ending {
  readonly endMs: number;
  readonly answeredMs: number | undefined;
}

/** The end of a call as told at last; before that it may have been told otherwise, or taken back and told anew. */
function endCall(scope: StoryScope, call: Call, { endMs, answeredMs }: Ending): void {
  const { random, oracle, territoryId } = scope;
  const { startMs, queueId, agentId } = call;
  const outcome = answeredMs === undefined ? 'abandoned' : 'answered';
  const fields = {
    direction: call.direction,
    startedAt: at(startMs),
    ...(answeredMs === undefined ? {} : { answeredAt: at(answeredMs), agentId }),
    queueId,
    holdMs: random.between(0, 5000),
    transfers: random.between(0, 2),
    outcome,
  };
  const tell = (callId: string, more: object): void => {
    write(scope, callId, `${callId}-end`, 'CALL_END', endMs, { callId, ...fields, ...more });
  };
  const last = { direction: call.direction, holdMs: fields.holdMs, transfers: fields.transfers };
  tell(call.callId, {});
  if (random.isLucky(0.15)) {
    for (let rev = 2; rev <= random.between(2, 4); rev += 1) {
      last.holdMs = random.between(0, 9000);
      last.transfers = random.between(0, 3);
      tell(call.callId, { holdMs: last.holdMs, transfers: last.transfers, rev });
    }
  } else if (random.isLucky(0.1)) {
    // A direction is a dimension: what had the wrong one is taken back, and a new thing told.
    last.direction = call.direction === 'inbound' ? 'outbound' : 'inbound';
    tell(call.callId, { rev: 2, void: true });
    tell(`${call.callId}-new`, { direction: last.direction });
  }
  oracle.add(territoryId, 'call_metrics.call', last.direction, endMs, {
    n: 1,
    answered: answeredMs === undefined ? 0 : 1,
    abandoned: answeredMs === undefined ? 1 : 0,
    dur_ms: endMs - startMs,
    talk_ms: answeredMs === undefined ? 0 : endMs - answeredMs,
    wait_ms: answeredMs === undefined ? 0 : answeredMs - startMs,
    hold_ms: last.holdMs,
    transfers: last.transfers,
  });
}

/** One call through one queue, from its start to the work after it. */
export function callStory(scope: StoryScope, callId: string, startMs: number): void {
  const { random, oracle, territoryId } = scope;
  const call = {
    callId,
    startMs,
    direction: random.pick(['inbound', 'outbound']),
    queueId: random.pick(QUEUES),
    agentId: random.pick(AGENTS),
  };
  write(scope, callId, `${callId}-start`, 'CALL_START', startMs, { callId, direction: call.direction });
  oracle.add(territoryId, 'call_metrics.start', call.direction, startMs, { n: 1 });
  const joinMs = startMs + random.between(0, 4000);
  const join = { visitId: `v-${callId}`, stayId: `s-${callId}-1`, queueId: call.queueId, callId };
  write(scope, callId, `${callId}-join`, 'QUEUE_JOIN', joinMs, join);
  oracle.add(territoryId, 'queue_metrics.join', call.queueId, joinMs, { n: 1 });
  const fate = random.fraction();
  let left = { leaveMs: joinMs, isAnswered: false };
  if (fate < 0.6) left = { leaveMs: answeredStay(scope, call, joinMs, joinMs, 1), isAnswered: true };
  else if (fate < 0.85) left = abandonedStay(scope, call, joinMs);
  else {
    left.leaveMs = joinMs + random.between(1000, 60_000);
    const stay = { stayId: `s-${callId}-f`, joinMs, leaveMs: left.leaveMs, outcome: random.pick(FLOWOUTS) };
    leave(scope, call, stay);
    countVisit(scope, call, stay, { flowout: 1 });
  }
  const talkMs = left.isAnswered ? random.between(1000, 90_000) : 0;
  const holdMs = left.isAnswered ? random.between(0, 8000) : 0;
  const endMs = left.leaveMs + talkMs + holdMs;
  if (left.isAnswered) contact(scope, call, { endMs, talkMs, holdMs });
  if (random.isLucky(0.2)) {
    write(scope, callId, `${callId}-moved`, 'TRANSFER', endMs, { callId, queueId: call.queueId });
    oracle.add(territoryId, 'call_metrics.event', call.queueId, endMs, { n: 1 });
  }
  endCall(scope, call, { endMs, answeredMs: left.isAnswered ? left.leaveMs : undefined });
}

const QUARTER_MS = 900_000;
const STATES = ['available', 'on_contact', 'acw', 'away', 'offline'] as const;

/** An agent's states, one after the other. Time in a state is stored by quarter hours; offline is nothing. */
export function agentStory(scope: StoryScope, agentId: string, startMs: number, changes: number): void {
  const { random, oracle, territoryId } = scope;
  let before: { state: string; sinceMs: number } | undefined;
  let sinceMs = startMs;
  for (let change = 0; change < changes; change += 1) {
    const state = random.pick(STATES);
    write(scope, agentId, `${agentId}-${String(sinceMs)}`, 'AGENT_STATE', sinceMs, {
      agentId,
      teamId: 'team-one',
      state,
      since: at(sinceMs),
      previous: before === undefined ? null : { state: before.state, since: at(before.sinceMs) },
    });
    for (let ms = before?.sinceMs ?? sinceMs; before !== undefined && before.state !== 'offline' && ms < sinceMs;) {
      const endMs = Math.min(sinceMs, ms - (ms % QUARTER_MS) + QUARTER_MS);
      oracle.add(territoryId, 'agent_metrics.slice', before.state, ms, { ms: endMs - ms });
      ms = endMs;
    }
    before = { state, sinceMs };
    sinceMs += random.between(2000, 120_000);
  }
}

/** Samples of the depth of all queues, one per slot of ten seconds. */
export function depthStory(scope: StoryScope, part: string, startMs: number, samples: number): void {
  const { random, oracle, territoryId } = scope;
  const intervalMs = 10_000;
  for (let sample = 0; sample < samples; sample += 1) {
    const slotMs = (Math.floor(startMs / intervalMs) + sample) * intervalMs;
    const atMs = slotMs + random.between(0, intervalMs - 1);
    const queues = QUEUES.map((queueId) => ({ queueId, depth: random.between(0, 9) }));
    write(scope, part, `${part}-${String(slotMs)}`, 'QUEUE_SNAPSHOT', atMs, { part, intervalMs, queues });
    for (const { queueId, depth } of queues) oracle.add(territoryId, 'queue_metrics.level', queueId, slotMs, { depth });
  }
}
