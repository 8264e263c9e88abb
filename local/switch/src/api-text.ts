import { callcenterConfig } from './callcenter-text.ts';
import type { ChannelRow, SwitchState } from './state.ts';

/** What a command can see of its switch. */
export interface ApiContext {
  readonly state: SwitchState;
  readonly hostname: string;
  readonly nowMs: number;
  readonly startedMs: number;
  readonly sessionsSinceStartup: number;
}

const SHOW_SYNTAX =
  'codec|endpoint|application|api|dialplan|file|timer|calls [count]|channels [count|like <match string>]|calls|' +
  'detailed_calls|bridged_calls|detailed_bridged_calls|aliases|complete|chat|management|modules|nat_map|say|' +
  'interfaces|interface_types|tasks|limits|status';
const VERSION = '1.10.12-release+git~20240802T210227Z~a88d069d6f~64bit';

/** A row of the table `channels`; every value is text. */
function channelRow(channel: ChannelRow, hostname: string): Record<string, string> {
  const isInbound = channel.direction === 'inbound';
  return {
    uuid: channel.uuid,
    direction: channel.direction,
    created: new Date(channel.createdMs).toISOString().slice(0, 19).replace('T', ' '),
    created_epoch: String(Math.floor(channel.createdMs / 1000)),
    name: channel.name,
    state: isInbound ? 'CS_EXECUTE' : 'CS_EXCHANGE_MEDIA',
    cid_name: channel.callerName,
    cid_num: channel.callerNumber,
    ip_addr: '10.20.0.5',
    dest: channel.destination,
    application: isInbound ? 'callcenter' : '',
    application_data: '',
    dialplan: 'XML',
    context: 'public',
    read_codec: 'PCMA',
    read_rate: '8000',
    read_bit_rate: '64000',
    write_codec: 'PCMA',
    write_rate: '8000',
    write_bit_rate: '64000',
    secure: '',
    hostname,
    presence_id: '',
    presence_data: '',
    accountcode: '',
    callstate: channel.isAnswered ? 'ACTIVE' : 'RINGING',
    callee_name: '',
    callee_num: '',
    callee_direction: '',
    call_uuid: channel.callUuid,
    sent_callee_name: '',
    sent_callee_num: '',
    initial_cid_name: channel.callerName,
    initial_cid_num: channel.callerNumber,
    initial_ip_addr: '10.20.0.5',
    initial_dest: channel.destination,
    initial_dialplan: 'XML',
    initial_context: 'public',
  };
}

function showChannels({ state, hostname }: ApiContext, args: readonly string[]): string {
  const isCount = args[0]?.toLowerCase() === 'count';
  const [as, format] = isCount ? args.slice(1) : args;
  const rows = [...state.channels()].sort((a, b) => a.createdMs - b.createdMs);
  if (as?.toLowerCase() !== 'as' || format === undefined) return `\n${String(rows.length)} total.\n`;
  if (format.toLowerCase() !== 'json') return `-ERR Cannot find format ${format}\n`;
  if (isCount) return JSON.stringify({ row_count: rows.length, rows: [] });
  if (rows.length === 0) return '{"row_count": 0}\n';
  return JSON.stringify({ row_count: rows.length, rows: rows.map((row) => channelRow(row, hostname)) });
}

const UNITS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
  ['millisecond', 1],
] as const;

const counted = (count: number, unit: string): string => `${String(count)} ${unit}${count === 1 ? '' : 's'}`;

/** A span of time as the switch spells it. */
export function upTimeText(spanMs: number): string {
  let restMs = Math.max(0, Math.floor(spanMs));
  const words = ['0 years'];
  for (const [unit, unitMs] of UNITS) {
    words.push(counted(Math.floor(restMs / unitMs), unit));
    restMs %= unitMs;
  }
  return [...words, '0 microseconds'].join(', ');
}

function status({ state, nowMs, startedMs, sessionsSinceStartup }: ApiContext): string {
  const sessions = String(state.channels().length);
  return (
    `UP ${upTimeText(nowMs - startedMs)}\n` +
    `FreeSWITCH (Version ${VERSION}) is ready\n` +
    `${String(sessionsSinceStartup)} session(s) since startup\n` +
    `${sessions} session(s) - peak ${sessions}, last 5min ${sessions} \n` +
    '0 session(s) per Sec out of max 30, peak 2, last 5min 1 \n' +
    '1000 session(s) max\n' +
    'min idle cpu 0.00/97.33\n' +
    'Current Stack Size/Max 240K/8192K\n'
  );
}

/** Answers a command of the API; undefined for one that no module has. */
export function apiText(command: string, argument: string, context: ApiContext): string | undefined {
  switch (command.toLowerCase()) {
    case 'show': {
      const [what, ...args] = argument.split(' ').filter((word) => word !== '');
      return what?.toLowerCase() === 'channels' ? showChannels(context, args) : `-USAGE: ${SHOW_SYNTAX}\n`;
    }
    case 'callcenter_config':
      return callcenterConfig(context.state, argument, context.nowMs);
    case 'status':
      return status(context);
    case 'strepoch':
      return String(Math.floor(context.nowMs / 1000));
    case 'version':
      return `FreeSWITCH Version ${VERSION}\n`;
    default:
      return undefined;
  }
}

/** Fields of a HEARTBEAT about the switch itself. */
export function heartbeatHeaders(context: ApiContext): (readonly [string, string])[] {
  const sessions = String(context.state.channels().length);
  return [
    ['Event-Info', 'System Ready'],
    ['Up-Time', upTimeText(context.nowMs - context.startedMs)],
    ['FreeSWITCH-Version', VERSION],
    ['Uptime-msec', String(Math.floor(context.nowMs - context.startedMs))],
    ['Session-Count', sessions],
    ['Max-Sessions', '1000'],
    ['Session-Per-Sec', '30'],
    ['Session-Per-Sec-Last', '0'],
    ['Session-Per-Sec-Max', '2'],
    ['Session-Per-Sec-FiveMin', '1'],
    ['Session-Since-Startup', String(context.sessionsSinceStartup)],
    ['Session-Peak-Max', sessions],
    ['Session-Peak-FiveMin', sessions],
    ['Idle-CPU', '97.333333'],
  ];
}
