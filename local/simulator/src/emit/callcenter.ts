import type { Body, Weight } from '../world/wire.ts';
import type { Member, World } from '../world/world.ts';
import { callVariables, switchEvent } from './freeswitch.ts';

/** mod_callcenter tells whole seconds; the world keeps joins and answers on them. */
const seconds = (atMs: number): string => String(Math.floor(atMs / 1000));

/** One agent's attempt to take one member: both times whole seconds. */
export interface Bridge {
  readonly agentId: string;
  readonly legId: string;
  readonly calledMs: number;
  readonly answeredMs: number;
}

/** What mod_callcenter writes in Cancel-Reason. */
export type CancelReason = 'BREAK_OUT' | 'NONE' | 'TIMEOUT' | 'NO_AGENT_TIMEOUT' | 'EXIT_WITH_KEY';

const sendInfo = (
  world: World,
  member: Member,
  atMs: number,
  action: string,
  headers: Body = {},
  weight: Weight = 'fact',
): void => {
  const body = {
    ...switchEvent(world, 'CUSTOM', atMs),
    'Event-Calling-File': 'mod_callcenter.c',
    'Event-Subclass': 'callcenter::info',
    'Unique-ID': member.call.id,
    'Channel-Call-UUID': member.call.id,
    'Call-Direction': member.call.direction,
    ...callVariables(world, member.call),
    'CC-Queue': member.queueId,
    'CC-Action': action,
    'CC-Member-UUID': member.uuid,
    'CC-Member-Session-UUID': member.call.id,
    'CC-Member-CID-Name': 'Caller',
    'CC-Member-CID-Number': member.call.callerNumber,
    ...headers,
  };
  world.wire.send(atMs, body, weight);
};

const bridgeHeaders = (member: Member, bridge: Bridge): Record<string, string> => ({
  'CC-Agent': bridge.agentId,
  'CC-Agent-System': 'single_box',
  'CC-Agent-UUID': bridge.legId,
  'CC-Agent-Called-Time': seconds(bridge.calledMs),
  'CC-Agent-Answered-Time': seconds(bridge.answeredMs),
  'CC-Member-Joined-Time': seconds(member.firstJoinedMs),
});

export const sendQueueStart = (world: World, member: Member, atMs: number): void => {
  sendInfo(world, member, atMs, 'member-queue-start');
};

/** The abandon that a returning caller undoes, as the forwarder remembered it. */
export interface Undone {
  readonly sessionUuid: string;
  readonly leftMs: number;
}

/** A returning caller; without `undone` the forwarder no longer knew the abandon. */
export const sendQueueResume = (world: World, member: Member, atMs: number, undone: Undone | null): void => {
  const headers =
    undone === null
      ? {}
      : {
          'Lumina-Undoes-Stay': `${member.uuid}:${undone.sessionUuid}`,
          'Lumina-Undoes-Time': String(undone.leftMs),
          'Lumina-Undoes-Joined': String(member.firstJoinedMs),
        };
  sendInfo(world, member, atMs, 'member-queue-resume', headers);
};

export const sendAgentOffering = (world: World, member: Member, agentId: string, atMs: number): void => {
  const headers = { 'CC-Agent': agentId, 'CC-Agent-Type': 'callback', 'CC-Agent-System': 'single_box' };
  sendInfo(world, member, atMs, 'agent-offering', headers, 'detail');
};

export const sendBridgeFail = (world: World, member: Member, agentId: string, calledMs: number, atMs: number): void => {
  const headers = {
    'CC-Hangup-Cause': 'NO_ANSWER',
    'CC-Agent': agentId,
    'CC-Agent-System': 'single_box',
    'CC-Agent-Called-Time': seconds(calledMs),
    'CC-Agent-Aborted-Time': seconds(atMs),
  };
  sendInfo(world, member, atMs, 'bridge-agent-fail', headers, 'detail');
};

export const sendBridgeStart = (world: World, member: Member, bridge: Bridge): void => {
  sendInfo(world, member, bridge.answeredMs, 'bridge-agent-start', bridgeHeaders(member, bridge));
};

/** The end of talk; `isBridged` false says that nobody talked: the answer never was one. */
export const sendBridgeEnd = (world: World, member: Member, bridge: Bridge, atMs: number, isBridged: boolean): void => {
  const headers = {
    ...bridgeHeaders(member, bridge),
    'CC-Hangup-Cause': isBridged ? 'NORMAL_CLEARING' : 'ORIGINATOR_CANCEL',
    'CC-Agent-Bridged': String(isBridged),
    'CC-Bridge-Terminated-Time': seconds(atMs),
  };
  sendInfo(world, member, atMs, 'bridge-agent-end', headers, isBridged ? 'detail' : 'fact');
};

export const sendQueueTerminated = (world: World, member: Member, bridge: Bridge, leavingMs: number): void => {
  const headers = {
    ...bridgeHeaders(member, bridge),
    'CC-Hangup-Cause': 'NORMAL_CLEARING',
    'CC-Cause': 'Terminated',
    'CC-Member-Leaving-Time': seconds(leavingMs),
  };
  sendInfo(world, member, leavingMs, 'member-queue-end', headers);
};

export const sendQueueCancel = (world: World, member: Member, atMs: number, reason: CancelReason): void => {
  sendInfo(world, member, atMs, 'member-queue-end', {
    'CC-Cause': 'Cancel',
    'CC-Cancel-Reason': reason,
    'CC-Member-Leaving-Time': seconds(atMs),
    'CC-Member-Joined-Time': seconds(member.firstJoinedMs),
  });
};

export const sendMembersCount = (world: World, member: Member, atMs: number, count: number): void => {
  const headers = { 'CC-Count': String(count), 'CC-Selection': 'Single-Queue' };
  sendInfo(world, member, atMs, 'members-count', headers, 'detail');
};
