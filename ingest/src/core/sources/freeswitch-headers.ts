/**
 * Every header of a FreeSWITCH event that is read, in its own spelling, and what it is read for. What is not here is
 * neither read nor kept: no digits, numbers or names of callers can enter, and no mapper can read a header without
 * adding it to this list.
 */
export const FREESWITCH_HEADERS = {
  'Event-Name': 'Kind of the event; makes an object an event of FreeSWITCH.',
  'Event-Subclass': 'Kind of a CUSTOM event.',
  'Core-UUID': 'This run of the switch; with Event-Sequence the id of the event.',
  'Event-Sequence': 'Number of the event within the run of the switch.',
  'Event-Date-Timestamp': 'When the event was fired.',
  'Unique-ID': 'The leg.',
  'Channel-Call-UUID': 'The call that the leg belongs to; on its own leg the same as Unique-ID.',
  'Call-Direction': 'inbound or outbound, seen from the switch.',
  'Hangup-Cause': 'Why the leg ended.',
  'Caller-Channel-Created-Time': 'When the call began.',
  'Caller-Channel-Answered-Time': 'When the channel was answered; 0 is never.',
  'Caller-Channel-Hangup-Time': 'When the call ended.',
  'Caller-Channel-Hold-Accum': 'How long this leg held, in microseconds.',
  variable_territory_id: 'The territory; the name of the variable can be configured.',
  variable_region_id: 'The region; the name of the variable can be configured.',
  variable_direction: 'Stands in for Call-Direction where that is missing.',
  variable_hangup_cause: 'Stands in for Hangup-Cause where that is missing.',
  variable_originator: 'The leg that dialled this one; such a leg is no call.',
  variable_transfer_history: 'The transfers of the leg; only their number and kinds are kept.',
  variable_cc_side: 'member or agent; the leg of an agent is no call.',
  variable_cc_queue: 'The queue the call was in last.',
  variable_cc_agent: 'The agent who answered last.',
  variable_cc_member_uuid: 'Says that the call was queued.',
  variable_cc_member_session_uuid: "On an agent's leg: the call it serves.",
  variable_cc_cancel_reason: 'Why the call left its queue without an agent.',
  variable_cc_queue_answered_epoch: 'When an agent answered a queued call.',
  'CC-Action': 'What mod_callcenter reports.',
  'CC-Queue': 'The queue.',
  'CC-Agent': 'The agent.',
  'CC-Agent-Status': 'Status: Logged Out, Available, Available (On Demand), On Break.',
  'CC-Agent-State': 'State: Waiting, Receiving, In a queue call, Idle, Reserved.',
  'CC-Agent-Bridged': 'false: the answer never was one.',
  'CC-Agent-Answered-Time': 'When the agent answered.',
  'CC-Member-UUID': 'The visit to the queue; kept when the caller resumes.',
  'CC-Member-Session-UUID': 'The call of the member.',
  'CC-Member-Joined-Time': 'When the member first joined.',
  'CC-Member-Leaving-Time': 'When the talk ended.',
  'CC-Cause': 'Terminated or Cancel.',
  'CC-Cancel-Reason': 'NONE, BREAK_OUT, TIMEOUT, NO_AGENT_TIMEOUT or EXIT_WITH_KEY.',
  'Lumina-Undoes-Stay': 'Added by the forwarder: the stay whose abandon a resume undoes.',
  'Lumina-Undoes-Time': 'Added by the forwarder: when that abandon was, in milliseconds of the epoch.',
  'Lumina-Undoes-Joined': 'Added by the forwarder: when that stay began, in milliseconds of the epoch.',
} as const;

/** A header that is read. */
export type HeaderName = keyof typeof FREESWITCH_HEADERS;

/** Builds before 1.2 spoke of callers, not members. */
const FORMER_NAMES: Readonly<Record<string, HeaderName>> = {
  'CC-Caller-UUID': 'CC-Member-Session-UUID',
  'CC-Caller-Joined-Time': 'CC-Member-Joined-Time',
  'CC-Caller-Leaving-Time': 'CC-Member-Leaving-Time',
};

const byLowered = new Map<string, HeaderName>([
  ...(Object.keys(FREESWITCH_HEADERS) as HeaderName[]).map((name) => [name.toLowerCase(), name] as const),
  ...Object.entries(FORMER_NAMES).map(([former, name]) => [former.toLowerCase(), name] as const),
]);

/** More spellings than all builds of a fleet write; what comes after them is looked up each time. */
const MAX_KNOWN_SPELLINGS = 4096;
const spellings = new Map<string, HeaderName | null>();

/** The header that a name means, in whatever case it is written; null for one that is not read. */
export function headerNamed(spelling: string): HeaderName | null {
  const known = spellings.get(spelling);
  if (known !== undefined) return known;
  const name = byLowered.get(spelling.toLowerCase()) ?? null;
  if (spellings.size < MAX_KNOWN_SPELLINGS) spellings.set(spelling, name);
  return name;
}

const NO_HEADERS: ReadonlyMap<HeaderName, unknown> = new Map();

/** The headers that an event writes otherwise than in their own spelling; of one written twice so, the last. */
export function respelledHeaders(headers: Readonly<Record<string, unknown>>): ReadonlyMap<HeaderName, unknown> {
  let found: Map<HeaderName, unknown> | undefined;
  for (const spelling in headers) {
    const name = headerNamed(spelling);
    if (name !== null && name !== spelling) (found ??= new Map<HeaderName, unknown>()).set(name, headers[spelling]);
  }
  return found ?? NO_HEADERS;
}

/** The text of a header. A header that occurs twice comes as an array, in JSON or as `ARRAY::a|:b`: its first counts. */
export function textOfHeader(value: unknown): string | undefined {
  if (typeof value === 'string') {
    if (value.startsWith('ARRAY::')) return textOfHeader(value.slice('ARRAY::'.length).split('|:')[0]);
    return value === '' ? undefined : value;
  }
  if (typeof value === 'number') return String(value);
  return Array.isArray(value) ? textOfHeader(value.find((item) => textOfHeader(item) !== undefined)) : undefined;
}

/** All texts of a header that may occur more than once. */
export function textsOfHeader(value: unknown): string[] {
  const items: readonly unknown[] =
    typeof value === 'string' && value.startsWith('ARRAY::')
      ? value.slice('ARRAY::'.length).split('|:')
      : Array.isArray(value)
        ? value
        : [value];
  return items.flatMap((item) => textOfHeader(item) ?? []);
}

/** The value of a header whose name is configured, in whatever case it is written. */
export function valueInAnyCase(headers: Readonly<Record<string, unknown>>, name: string): unknown {
  if (headers[name] !== undefined) return headers[name];
  const lowered = name.toLowerCase();
  const spelling = Object.keys(headers).find((candidate) => candidate.toLowerCase() === lowered);
  return spelling === undefined ? undefined : headers[spelling];
}
