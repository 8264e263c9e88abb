import type { AgentRow, MemberRow, QueueRow, SwitchState } from './state.ts';

const OK = '+OK\n';
const INVALID = '-ERR Invalid!\n';
const INSTANCE = 'single_box';

/** The first line and one line for each row; without rows not even the first, as list_result_callback has it. */
function table(columns: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  if (rows.length === 0) return '';
  return [columns, ...rows].map((row) => `${row.join('|')}\n`).join('');
}

const QUEUE_COLUMNS =
  'name|strategy|moh_sound|time_base_score|tier_rules_apply|tier_rule_wait_second|tier_rule_wait_multiply_level|' +
  'tier_rule_no_agent_no_wait|discard_abandoned_after|abandoned_resume_allowed|max_wait_time|' +
  'max_wait_time_with_no_agent|max_wait_time_with_no_agent_time_reached|record_template|calls_answered|' +
  'calls_abandoned|ring_progressively_delay|skip_agents_with_external_calls|agent_no_answer_status\n';

function queueLine(queue: QueueRow): string {
  const row = [
    queue.name,
    queue.strategy ?? 'longest-idle-agent',
    'local_stream://moh',
    'system',
    'false',
    300,
    'true',
    'false',
    queue.discardAbandonedAfterS ?? 60,
    String(queue.isAbandonedResumeAllowed ?? true),
    queue.maxWaitTimeS ?? 0,
    0,
    5,
    '(null)',
    queue.answered ?? 0,
    queue.abandoned ?? 0,
    10,
    'true',
    'On Break',
  ];
  return `${row.join('|')}\n`;
}

const MEMBER_COLUMNS = (
  'queue instance_id uuid session_uuid cid_number cid_name system_epoch joined_epoch rejoined_epoch bridge_epoch ' +
  'abandoned_epoch base_score skill_score serving_agent serving_system state score'
).split(' ');

function memberRow(member: MemberRow, nowS: number): (string | number)[] {
  return [
    member.queue,
    INSTANCE,
    member.uuid,
    member.sessionUuid,
    member.callerNumber,
    member.callerName,
    member.joinedEpoch,
    member.joinedEpoch,
    member.rejoinedEpoch ?? 0,
    member.bridgeEpoch ?? 0,
    member.abandonedEpoch ?? 0,
    0,
    0,
    member.servingAgent ?? '',
    member.servingAgent === undefined ? '' : INSTANCE,
    member.state,
    nowS - member.joinedEpoch,
  ];
}

/** By queue and then by score, the longest wait first. */
function membersText(state: SwitchState, queue: string | undefined, nowMs: number): string {
  const members = [...state.members(queue)].sort(
    (a, b) => (queue === undefined ? a.queue.localeCompare(b.queue) : 0) || a.joinedEpoch - b.joinedEpoch,
  );
  return table(
    MEMBER_COLUMNS,
    members.map((member) => memberRow(member, Math.floor(nowMs / 1000))),
  );
}

const AGENT_COLUMNS = (
  'name instance_id uuid type contact status state max_no_answer wrap_up_time reject_delay_time busy_delay_time ' +
  'no_answer_delay_time last_bridge_start last_bridge_end last_offered_call last_status_change no_answer_count ' +
  'calls_answered talk_time ready_time external_calls_count'
).split(' ');

function agentRow(agent: AgentRow): (string | number)[] {
  const { lastBridgeStartEpoch: started = 0, lastBridgeEndEpoch: ended = 0 } = agent;
  const contact = agent.contact ?? `[leg_timeout=10]user/${agent.name}`;
  const delays = [3, 10, 5, 30, 0];
  return [
    ...[agent.name, INSTANCE, '', 'callback', contact, agent.status, agent.state, ...delays],
    ...[started, ended, started, agent.lastStatusChangeEpoch ?? 0, 0, 0, Math.max(0, ended - started), 0, 0],
  ];
}

function agentsText(state: SwitchState, name: string | undefined): string {
  const agents = state.agents().filter((agent) => name === undefined || agent.name === name);
  return table(AGENT_COLUMNS, agents.map(agentRow));
}

function queueList(state: SwitchState, args: readonly string[], nowMs: number): string {
  const [kind, queue] = args;
  if (kind === undefined) return `${QUEUE_COLUMNS}${state.queues().map(queueLine).join('')}${OK}`;
  switch (kind.toLowerCase()) {
    case 'members':
      return `${membersText(state, queue, nowMs)}${OK}`;
    case 'agents':
      return `${agentsText(state, undefined)}${OK}`;
    case 'tiers':
      return OK;
    default:
      return INVALID;
  }
}

function queueCount(state: SwitchState, [kind, queue]: readonly string[]): string {
  if (kind === undefined) return `${String(state.queues().length)}\n`;
  if (kind.toLowerCase() === 'members') return `${String(state.members(queue).length)}\n`;
  return kind.toLowerCase() === 'agents' ? `${String(state.agents().length)}\n` : INVALID;
}

/** What `callcenter_config` answers; only its lists and counts are here, nothing that changes a queue. */
export function callcenterConfig(state: SwitchState, argument: string, nowMs: number): string {
  const [target, action, ...args] = argument.split(' ').filter((word) => word !== '');
  if (target === undefined || action === undefined) return INVALID;
  const verb = `${target} ${action}`.toLowerCase();
  if (verb === 'queue list') return queueList(state, args, nowMs);
  if (verb === 'queue count') return queueCount(state, args);
  if (verb === 'agent list') return args.length > 1 ? INVALID : `${agentsText(state, args[0])}${OK}`;
  return verb === 'tier list' ? OK : INVALID;
}
