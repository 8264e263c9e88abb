import type { AgentRow, ChannelRow, MemberRow, MemberState, SwitchState } from '@lumina/switch';

import { DISCARD_ABANDONED_AFTER_MS } from '../world/queue-process.ts';
import type { Agent, Call, Member, World } from '../world/world.ts';

const epoch = (atMs: number): number => Math.floor(atMs / 1000);

const memberRow = (member: Member, state: MemberState): MemberRow => ({
  queue: member.queueId,
  uuid: member.uuid,
  // The switch blanks the session of who gave up.
  sessionUuid: state === 'Abandoned' ? '' : member.call.id,
  callerNumber: member.call.callerNumber,
  callerName: 'Zoë Caller',
  joinedEpoch: epoch(member.firstJoinedMs),
  ...(state === 'Abandoned' ? { abandonedEpoch: epoch(member.visit?.leftMs ?? 0) } : {}),
  ...(member.offer === null ? {} : { servingAgent: member.offer.agent.id }),
  state,
});

const membersOf = (world: World, queueId: string): MemberRow[] => {
  const queue = world.queues.get(queueId);
  if (queue === undefined) return [];
  const isListed = ({ phase, visit }: Member): boolean =>
    phase === 'left' && (visit?.leftMs ?? 0) > world.agenda.nowMs - DISCARD_ABANDONED_AFTER_MS;
  return [
    ...queue.members.map((member) => memberRow(member, member.phase === 'waiting' ? 'Waiting' : 'Trying')),
    ...queue.former
      .filter(isListed)
      .map((member) => memberRow(member, member.visit?.outcome === 'answered' ? 'Answered' : 'Abandoned')),
  ];
};

const STATUSES: Readonly<Record<Agent['state'], Pick<AgentRow, 'status' | 'state'>>> = {
  available: { status: 'Available', state: 'Waiting' },
  on_contact: { status: 'Available', state: 'In a queue call' },
  acw: { status: 'Available', state: 'Waiting' },
  away: { status: 'On Break', state: 'Waiting' },
  offline: { status: 'Logged Out', state: 'Waiting' },
};

const callRow = (call: Call): ChannelRow => ({
  uuid: call.id,
  callUuid: call.id,
  direction: call.direction,
  createdMs: call.startMs,
  name: `sofia/gateway/${call.trunk.id}/${call.callerNumber}`,
  isAnswered: call.channelAnsweredMs !== null,
  callerNumber: call.callerNumber,
  callerName: 'Zoë Caller',
  destination: '8000',
});

/** A phone that rings or talks: part of the caller's call, except that mod_callcenter dials it as one of its own. */
const legRow = (agent: Agent): ChannelRow[] => {
  const ringing = agent.offer;
  const leg = agent.leg;
  if (ringing === null && leg === null) return [];
  const id = leg?.id ?? ringing?.legId ?? '';
  const call = leg?.call ?? ringing?.member.call;
  return [
    {
      uuid: id,
      callUuid: leg === null ? id : (call?.id ?? id),
      direction: 'outbound',
      createdMs: leg?.createdMs ?? ringing?.calledMs ?? 0,
      name: `sofia/internal/${agent.id}`,
      isAnswered: leg !== null,
      callerNumber: call?.callerNumber ?? '',
      callerName: 'Zoë Caller',
      destination: agent.id,
    },
  ];
};

/** What the switch of a world answers when it is asked; `onAsked` runs first and brings the world to the instant. */
export const switchStateOf = (world: World, onAsked: () => void): SwitchState => {
  const asked = <T>(answer: () => T): T => {
    onAsked();
    return answer();
  };
  return {
    queues: () => asked(() => [...world.queues.keys()].map((name) => ({ name, discardAbandonedAfterS: 60 }))),
    members: (queueId) =>
      asked(() => (queueId === undefined ? [...world.queues.keys()] : [queueId]).flatMap((id) => membersOf(world, id))),
    agents: () => asked(() => world.agents.map(({ id, state }) => ({ name: id, ...STATUSES[state] }))),
    channels: () => asked(() => [...[...world.calls].map(callRow), ...world.agents.flatMap(legRow)]),
  };
};
