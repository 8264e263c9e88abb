import {
  createSwitch,
  type AgentRow,
  type ChannelRow,
  type MemberRow,
  type QueueRow,
  type Switch,
} from '@lumina/switch';

type Changing<T> = { -readonly [Key in keyof T]: T[Key] };

/** A contact centre on a test switch: what it is asked about, and the events that go with it. */
export class SmallCentre {
  readonly queues: QueueRow[] = [{ name: 'q1@uk.example' }, { name: 'q2@uk.example' }];
  readonly members: MemberRow[] = [];
  readonly agents: Changing<AgentRow>[] = [{ name: 'a1', status: 'Available', state: 'Waiting' }];
  readonly channels: ChannelRow[] = [];
  readonly server: Switch;

  private constructor(server: Switch) {
    this.server = server;
  }

  static async start(port = 0): Promise<SmallCentre> {
    let centre: SmallCentre | undefined;
    const state = {
      queues: () => centre?.queues ?? [],
      members: (queue: string | undefined) =>
        centre?.members.filter((member) => queue === undefined || member.queue === queue) ?? [],
      agents: () => centre?.agents ?? [],
      channels: () => centre?.channels ?? [],
    };
    centre = new SmallCentre(await createSwitch({ port, state, heartbeatMs: 200 }));
    return centre;
  }

  /** A caller enters a queue. */
  join(memberUuid: string, callId: string, queue = 'q1@uk.example', action = 'member-queue-start'): void {
    const joinedEpoch = Math.floor(Date.now() / 1000);
    const caller = { callerNumber: '+442071234567', callerName: 'Ann | Bo' };
    this.members.push({ queue, uuid: memberUuid, sessionUuid: callId, ...caller, joinedEpoch, state: 'Waiting' });
    this.fireQueue(action, memberUuid, callId, queue);
  }

  /** A caller gives up. */
  abandon(memberUuid: string, callId: string, queue = 'q1@uk.example'): void {
    const index = this.members.findIndex(({ uuid }) => uuid === memberUuid);
    const [member] = this.members.splice(index, 1);
    this.fireQueue('member-queue-end', memberUuid, callId, queue, {
      'CC-Cause': 'Cancel',
      'CC-Cancel-Reason': 'BREAK_OUT',
      'CC-Member-Joined-Time': String(member?.joinedEpoch ?? 1),
    });
  }

  /** An agent changes status, as the switch tells it. */
  setStatus(name: string, status: AgentRow['status']): void {
    const agent = this.agents.find((one) => one.name === name);
    if (agent !== undefined) agent.status = status;
    this.server.fire({
      name: 'CUSTOM',
      headers: {
        'Event-Subclass': 'callcenter::info',
        'CC-Action': 'agent-status-change',
        'CC-Agent': name,
        'CC-Agent-Status': status,
      },
    });
  }

  /** The end of a call that nobody answered. */
  hangUp(callId: string, headers: Record<string, string> = {}): void {
    const nowUs = String(Date.now() * 1000);
    this.server.fire({
      name: 'CHANNEL_HANGUP_COMPLETE',
      headers: {
        'Unique-ID': callId,
        'Channel-Call-UUID': callId,
        'Call-Direction': 'inbound',
        'Caller-Channel-Created-Time': nowUs,
        'Caller-Channel-Hangup-Time': nowUs,
        'Hangup-Cause': 'NORMAL_CLEARING',
        'Caller-Caller-ID-Number': '+442071234567',
        ...headers,
      },
    });
  }

  private fireQueue(
    action: string,
    memberUuid: string,
    callId: string,
    queue: string,
    headers: Record<string, string> = {},
  ): void {
    this.server.fire({
      name: 'CUSTOM',
      headers: {
        'Event-Subclass': 'callcenter::info',
        'CC-Action': action,
        'CC-Queue': queue,
        'CC-Member-UUID': memberUuid,
        'CC-Member-Session-UUID': callId,
        'CC-Member-CID-Number': '+442071234567',
        ...headers,
      },
    });
  }
}
