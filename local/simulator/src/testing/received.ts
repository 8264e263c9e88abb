import type { Body, Delivery } from '../world/wire.ts';

/** What a careful reader makes of the events of one territory: every thing once, whatever the order. */
export interface Received {
  readonly calls: { direction: string; startMs: number; endMs: number; isAnswered: boolean; isAbandoned: boolean }[];
  readonly visits: { queueId: string; joinedMs: number; leftMs: number; outcome: string; isResumed: boolean }[];
  readonly entries: { queueId: string; atMs: number }[];
  readonly states: { agentId: string; teamId: string; state: string; sinceMs: number }[];
  readonly handles: { agentId: string; queueId: string; endMs: number; ms: number }[];
  readonly acws: { agentId: string; queueId: string; endMs: number; ms: number }[];
  readonly snapshots: Body[];
  readonly apiSamples: Body[];
}

const text = (body: Body, name: string): string => {
  const value = body[name];
  if (typeof value !== 'string') throw new Error(`event_field: ${name} is missing in ${JSON.stringify(body)}`);
  return value;
};
const fromMicroseconds = (body: Body, name: string): number => Number(text(body, name)) / 1000;
const fromSeconds = (body: Body, name: string): number => Number(text(body, name)) * 1000;
const instant = (body: Body, name: string): number => Date.parse(text(body, name));

const OUTCOMES: Readonly<Record<string, string>> = {
  BREAK_OUT: 'abandoned',
  NONE: 'abandoned',
  TIMEOUT: 'timeout',
  NO_AGENT_TIMEOUT: 'no_agent',
  EXIT_WITH_KEY: 'key',
};

const idOf = (body: Body): string =>
  body['id'] === undefined ? `${text(body, 'Core-UUID')}:${text(body, 'Event-Sequence')}` : text(body, 'id');

const readHangup = (body: Body, received: Received): void => {
  if (body['Unique-ID'] !== body['Channel-Call-UUID'] || body['variable_cc_side'] === 'agent') return;
  const direction = text(body, 'Call-Direction');
  const isQueued = body['variable_cc_queue'] !== undefined;
  const isAnswered = isQueued
    ? body['variable_cc_queue_answered_epoch'] !== undefined
    : text(body, 'Caller-Channel-Answered-Time') !== '0';
  const reason = body['variable_cc_cancel_reason'];
  const hasGivenUp = isQueued
    ? reason === 'BREAK_OUT' || reason === 'NONE'
    : body['Hangup-Cause'] === 'ORIGINATOR_CANCEL';
  received.calls.push({
    direction,
    startMs: fromMicroseconds(body, 'Caller-Channel-Created-Time'),
    endMs: fromMicroseconds(body, 'Caller-Channel-Hangup-Time'),
    isAnswered,
    isAbandoned: direction === 'inbound' && !isAnswered && hasGivenUp,
  });
};

type Visits = Map<string, Received['visits'][number]>;

interface Undoing {
  readonly visits: Visits;
  readonly unanswered: Set<string>;
  readonly resumed: Set<string>;
}

const readInfo = (body: Body, received: Received, { visits, unanswered, resumed }: Undoing): void => {
  const queueId = text(body, 'CC-Queue');
  const member = text(body, 'CC-Member-UUID');
  const atMs = fromMicroseconds(body, 'Event-Date-Timestamp');
  const action = text(body, 'CC-Action');
  const answerId = (): string => `${member}:${text(body, 'CC-Agent')}:${text(body, 'CC-Agent-Answered-Time')}`;
  if (action === 'member-queue-start') received.entries.push({ queueId, atMs });
  if (action === 'member-queue-resume') {
    received.entries.push({ queueId, atMs });
    if (body['Lumina-Undoes-Stay'] !== undefined) resumed.add(text(body, 'Lumina-Undoes-Stay'));
  }
  if (action === 'bridge-agent-start') {
    const joinedMs = fromSeconds(body, 'CC-Member-Joined-Time');
    const leftMs = fromSeconds(body, 'CC-Agent-Answered-Time');
    visits.set(answerId(), { queueId, joinedMs, leftMs, outcome: 'answered', isResumed: false });
  }
  if (action === 'bridge-agent-end' && body['CC-Agent-Bridged'] === 'false') unanswered.add(answerId());
  if (action !== 'member-queue-end') return;
  if (body['CC-Cause'] === 'Cancel') {
    const joinedMs = fromSeconds(body, 'CC-Member-Joined-Time');
    const outcome = OUTCOMES[text(body, 'CC-Cancel-Reason')] ?? 'unknown';
    const stayId = `${member}:${text(body, 'CC-Member-Session-UUID')}`;
    visits.set(stayId, { queueId, joinedMs, leftMs: atMs, outcome, isResumed: false });
    return;
  }
  const endMs = fromSeconds(body, 'CC-Member-Leaving-Time');
  const ms = endMs - fromSeconds(body, 'CC-Agent-Answered-Time');
  received.handles.push({ agentId: text(body, 'CC-Agent'), queueId, endMs, ms });
};

const readEnvelope = (body: Body, received: Received, { visits }: Undoing): void => {
  const type = text(body, 'type');
  if (type.endsWith('_SNAPSHOT')) received.snapshots.push(body);
  if (type === 'API_SAMPLE') received.apiSamples.push(body);
  if (type === 'AGENT_STATE') {
    const previous = body['previous'] as Body;
    for (const { state, since } of [previous, body]) {
      const sinceMs = Date.parse(String(since));
      received.states.push({
        agentId: text(body, 'agentId'),
        teamId: text(body, 'teamId'),
        state: String(state),
        sinceMs,
      });
    }
  }
  if (type === 'AGENT_ACW') {
    received.acws.push({
      agentId: text(body, 'agentId'),
      queueId: text(body, 'queueId'),
      endMs: instant(body, 'contactEnd'),
      ms: Number(body['acwMs']),
    });
  }
  if (type === 'QUEUE_LEAVE') {
    visits.set(text(body, 'stayId'), {
      queueId: text(body, 'queueId'),
      joinedMs: instant(body, 'joinedAt'),
      leftMs: instant(body, 'time'),
      outcome: text(body, 'outcome'),
      isResumed: false,
    });
  }
};

/** Reads deliveries of one territory by the rules of the event formats, not by what the simulator knows. */
export const readDeliveries = (deliveries: Iterable<Delivery>): Received => {
  const received: Received = {
    calls: [],
    visits: [],
    entries: [],
    states: [],
    handles: [],
    acws: [],
    snapshots: [],
    apiSamples: [],
  };
  const undoing: Undoing = { visits: new Map(), unanswered: new Set(), resumed: new Set() };
  const seen = new Set<string>();
  for (const { body } of deliveries) {
    const id = idOf(body);
    if (seen.has(id)) continue;
    seen.add(id);
    if (body['v'] === 1) readEnvelope(body, received, undoing);
    else if (body['Event-Name'] === 'CHANNEL_HANGUP_COMPLETE') readHangup(body, received);
    else if (body['Event-Subclass'] === 'callcenter::info' && body['CC-Action'] !== 'members-count') {
      readInfo(body, received, undoing);
    }
  }
  for (const [stayId, visit] of undoing.visits) {
    if (!undoing.unanswered.has(stayId)) received.visits.push({ ...visit, isResumed: undoing.resumed.has(stayId) });
  }
  return received;
};
