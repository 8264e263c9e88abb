/**
 * Every header of a FreeSWITCH event that is read, in its own spelling. What is not here is neither read nor kept:
 * no digits, numbers or names of callers can enter, and no mapper can read a header without adding it to this list.
 */
const FREESWITCH_HEADERS = [
  'Event-Name',
  'Event-Subclass',
  'Core-UUID',
  'Event-Sequence',
  'Event-Date-Timestamp',
  'Unique-ID',
  'Channel-Call-UUID',
  'Call-Direction',
  'Hangup-Cause',
  'Caller-Channel-Created-Time',
  'Caller-Channel-Answered-Time',
  'Caller-Channel-Hangup-Time',
  'Caller-Channel-Hold-Accum',
  'variable_territory_id',
  'variable_region_id',
  'variable_direction',
  'variable_hangup_cause',
  'variable_originator',
  'variable_transfer_history',
  'variable_cc_side',
  'variable_cc_queue',
  'variable_cc_agent',
  'variable_cc_member_uuid',
  'variable_cc_member_session_uuid',
  'variable_cc_cancel_reason',
  'variable_cc_queue_answered_epoch',
  'CC-Action',
  'CC-Queue',
  'CC-Agent',
  'CC-Agent-Status',
  'CC-Agent-State',
  'CC-Agent-Bridged',
  'CC-Agent-Answered-Time',
  'CC-Member-UUID',
  'CC-Member-Session-UUID',
  'CC-Member-Joined-Time',
  'CC-Member-Leaving-Time',
  'CC-Cause',
  'CC-Cancel-Reason',
  'Lumina-Undoes-Stay',
  'Lumina-Undoes-Time',
  'Lumina-Undoes-Joined',
] as const;

/** A header that is read. */
export type HeaderName = (typeof FREESWITCH_HEADERS)[number];

/** Builds before 1.2 spoke of callers, not members. */
const FORMER_NAMES: Readonly<Record<string, HeaderName>> = {
  'CC-Caller-UUID': 'CC-Member-Session-UUID',
  'CC-Caller-Joined-Time': 'CC-Member-Joined-Time',
  'CC-Caller-Leaving-Time': 'CC-Member-Leaving-Time',
};

const byLowered = new Map<string, HeaderName>([
  ...FREESWITCH_HEADERS.map((name) => [name.toLowerCase(), name] as const),
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

/** Whether a name is a header that is read, in its own spelling. */
export function isHeaderName(spelling: string): spelling is HeaderName {
  return headerNamed(spelling) === spelling;
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
