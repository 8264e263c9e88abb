import { randomUUID } from 'node:crypto';

import type { Switch } from './create-switch.ts';
import type { ChannelRow, MemberRow, SwitchState } from './state.ts';

/** A state that the demonstration changes. */
export interface DemonstrationState extends SwitchState {
  readonly waiting: Map<string, MemberRow>;
  readonly legs: Map<string, ChannelRow>;
}

const QUEUE = 'support';
const WAIT_MS = 6_000;

/** One queue, one agent, and whoever waits. */
export function demonstrationState(): DemonstrationState {
  const waiting = new Map<string, MemberRow>();
  const legs = new Map<string, ChannelRow>();
  return {
    waiting,
    legs,
    queues: () => [{ name: QUEUE }],
    members: () => [...waiting.values()],
    agents: () => [{ name: 'ag_1', status: 'Available', state: 'Waiting' }],
    channels: () => [...legs.values()],
  };
}

/** Fires a small call every now and then: it comes, waits, gives up. Answers what ends it. */
export function demonstrate(running: Switch, state: DemonstrationState, callsPerSecond: number): () => void {
  const call = (): void => {
    const uuid = randomUUID();
    const createdMs = Date.now();
    const queued = { 'Event-Subclass': 'callcenter::info', 'CC-Queue': QUEUE, 'CC-Member-UUID': uuid };
    const channel = { 'Unique-ID': uuid, 'Channel-Call-UUID': uuid, 'Call-Direction': 'inbound' };
    const created = { ...channel, 'Caller-Channel-Created-Time': `${String(createdMs)}000` };
    const person = { callerNumber: '+442079460000', callerName: 'Zoë' };
    const name = 'sofia/gateway/carrier/8000';
    const leg = { uuid, callUuid: uuid, direction: 'inbound', createdMs, name, isAnswered: true } as const;
    state.legs.set(uuid, { ...leg, ...person, destination: '8000' });
    const joinedEpoch = Math.floor(createdMs / 1000);
    state.waiting.set(uuid, { queue: QUEUE, uuid, sessionUuid: uuid, joinedEpoch, state: 'Waiting', ...person });
    running.fire({ name: 'CHANNEL_CREATE', headers: created });
    running.fire({ name: 'CUSTOM', headers: { ...queued, ...channel, 'CC-Action': 'member-queue-start' } });
    setTimeout(() => {
      state.waiting.delete(uuid);
      state.legs.delete(uuid);
      const left = { 'CC-Action': 'member-queue-end', 'CC-Cause': 'Cancel', 'CC-Cancel-Reason': 'BREAK_OUT' };
      const joined = { 'CC-Member-Session-UUID': uuid, 'CC-Member-Joined-Time': String(joinedEpoch) };
      running.fire({ name: 'CUSTOM', headers: { ...queued, ...channel, ...left, ...joined } });
      const hangup = { 'Hangup-Cause': 'ORIGINATOR_CANCEL', 'Caller-Channel-Hangup-Time': `${String(Date.now())}000` };
      running.fire({ name: 'CHANNEL_HANGUP_COMPLETE', headers: { ...created, ...hangup } });
    }, WAIT_MS).unref();
  };
  const timer = setInterval(call, 1000 / callsPerSecond);
  return () => {
    clearInterval(timer);
  };
}
