/** What a raw call is made from. */
export interface RawCall {
  readonly id: string;
  readonly territoryId: number;
  readonly regionId: number;
  readonly startMs: number;
  /** From creation to hang-up. */
  readonly durationMs: number;
}

/** Who calls: of both nothing may be kept or written down anywhere. */
export const CALLER = { name: 'Josephine Quillfeather', number: '+447700900123' } as const;

const ANSWER_AFTER_MS = 4000;
const microseconds = (ms: number): string => `${String(ms)}000`;

/** The three events by which FreeSWITCH tells of a whole answered inbound call, in its own JSON. */
export function rawCall({ id, territoryId, regionId, startMs, durationMs }: RawCall): Record<string, string>[] {
  const moment = (name: string, sequence: number, atMs: number): Record<string, string> => ({
    'Event-Name': name,
    'Core-UUID': `core-of-${id}`,
    'Event-Sequence': String(sequence),
    'Event-Date-Timestamp': microseconds(atMs),
    'Unique-ID': id,
    'Channel-Call-UUID': id,
    'Call-Direction': 'inbound',
    'Caller-Direction': 'inbound',
    'Caller-Channel-Created-Time': microseconds(startMs),
    'Caller-Channel-Answered-Time': name === 'CHANNEL_CREATE' ? '0' : microseconds(startMs + ANSWER_AFTER_MS),
    'Caller-Channel-Hangup-Time': name === 'CHANNEL_HANGUP_COMPLETE' ? microseconds(atMs) : '0',
    'Caller-Caller-ID-Name': CALLER.name,
    'Caller-Caller-ID-Number': CALLER.number,
    variable_sip_from_user: CALLER.number,
    variable_territory_id: String(territoryId),
    variable_region_id: String(regionId),
    variable_direction: 'inbound',
    ...(name === 'CHANNEL_HANGUP_COMPLETE'
      ? { 'Hangup-Cause': 'NORMAL_CLEARING', variable_hangup_cause: 'NORMAL_CLEARING' }
      : {}),
  });
  return [
    moment('CHANNEL_CREATE', 1, startMs),
    moment('CHANNEL_ANSWER', 2, startMs + ANSWER_AFTER_MS),
    moment('CHANNEL_HANGUP_COMPLETE', 3, startMs + durationMs),
  ];
}
