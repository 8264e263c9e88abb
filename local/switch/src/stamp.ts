import type { Headers } from './event.ts';

/** How a switch names one of its headers: older builds write `Event-Date-timestamp`. */
export type Spelling = 'modern' | 'old';

/** What every event of one run of a switch begins with. */
export interface StampOptions {
  readonly coreUuid: string;
  readonly hostname: string;
  readonly spelling: Spelling;
}

const CALLING: Readonly<Record<string, readonly [file: string, functionName: string, line: string]>> = {
  CUSTOM: ['mod_callcenter.c', 'callcenter_function', '3114'],
  HEARTBEAT: ['switch_core.c', 'send_heartbeat', '95'],
  BACKGROUND_JOB: ['mod_event_socket.c', 'api_exec', '1573'],
  DTMF: ['switch_channel.c', 'switch_channel_dequeue_dtmf', '767'],
};

/** The headers that switch_event_prep_for_delivery puts first, in its order. */
export function stamp(name: string, atMs: number, sequence: number, options: StampOptions): Headers {
  const date = new Date(atMs);
  const [file, functionName, line] = CALLING[name] ?? ['switch_channel.c', 'switch_channel_perform_event', '1167'];
  return [
    ['Event-Name', name],
    ['Core-UUID', options.coreUuid],
    ['FreeSWITCH-Hostname', options.hostname],
    ['FreeSWITCH-Switchname', options.hostname],
    ['FreeSWITCH-IPv4', '10.20.0.11'],
    ['FreeSWITCH-IPv6', '::1'],
    ['Event-Date-Local', date.toISOString().slice(0, 19).replace('T', ' ')],
    ['Event-Date-GMT', date.toUTCString()],
    [options.spelling === 'old' ? 'Event-Date-timestamp' : 'Event-Date-Timestamp', `${String(Math.round(atMs))}000`],
    ['Event-Calling-File', file],
    ['Event-Calling-Function', functionName],
    ['Event-Calling-Line-Number', line],
    ['Event-Sequence', String(sequence)],
  ];
}
