import { sendCallEvent } from '../emit/freeswitch.ts';
import type { Direction } from './ledger.ts';
import type { Call, TrunkLine, World } from './world.ts';

/** Inbound calls prefer the first trunks, outbound calls the last; a full trunk overflows to the next. */
const freeTrunk = (world: World, direction: Direction): TrunkLine | null => {
  const weights = world.trunks.map((trunk, index) => {
    if (trunk.busy >= trunk.capacity) return 0;
    const isLast = index === world.trunks.length - 1;
    return direction === 'outbound' ? (isLast ? 8 : 1) : isLast ? 0.5 : trunk.capacity;
  });
  if (weights.every((weight) => weight === 0)) return null;
  return world.trunks[world.random.arrivals.weighted(weights)] ?? null;
};

/** A number from the ranges that regulators keep for fiction. */
const fictionalNumber = (world: World): string => {
  const digits = String(world.random.ids.int(0, 999)).padStart(3, '0');
  return world.population.regionId === 1 ? `+44207946${digits.padStart(4, '0')}` : `+12125550${digits}`;
};

/** A new call on a free channel; null when every trunk is full (the carrier turns the caller away). */
export const createCall = (world: World, direction: Direction, atMs: number): Call | null => {
  const trunk = freeTrunk(world, direction);
  if (trunk === null) return null;
  trunk.busy += 1;
  const call: Call = {
    id: world.random.ids.uuid(),
    direction,
    trunk,
    callerNumber: fictionalNumber(world),
    startMs: atMs,
    channelAnsweredMs: null,
    queueAnsweredMs: null,
    lastQueueId: null,
    lastAgentId: null,
    cancelReason: null,
    memberUuid: null,
    holdMs: 0,
    transfers: 0,
  };
  world.calls.add(call);
  sendCallEvent(world, call, { eventName: 'CHANNEL_CREATE', atMs });
  return call;
};

/** The channel is answered: by the IVR for inbound calls, by the called party for outbound ones. */
export const answerChannel = (world: World, call: Call, atMs: number): void => {
  call.channelAnsweredMs = atMs;
  sendCallEvent(world, call, { eventName: 'CHANNEL_ANSWER', atMs, weight: 'detail' });
};

export type HangupCause =
  'NORMAL_CLEARING' | 'ORIGINATOR_CANCEL' | 'NO_ANSWER' | 'USER_BUSY' | 'NORMAL_TEMPORARY_FAILURE';

/** A queued call is answered by an agent, any other by its channel. */
const isAnswered = (call: Call): boolean =>
  call.lastQueueId === null ? call.channelAnsweredMs !== null : call.queueAnsweredMs !== null;

const isAbandoned = (call: Call, cause: HangupCause): boolean => {
  if (call.direction !== 'inbound' || isAnswered(call)) return false;
  if (call.lastQueueId === null) return cause === 'ORIGINATOR_CANCEL';
  return call.cancelReason === 'BREAK_OUT' || call.cancelReason === 'NONE';
};

/** Ends a call, frees its channel and puts it on record. */
export const hangUp = (world: World, call: Call, atMs: number, cause: HangupCause = 'NORMAL_CLEARING'): void => {
  if (!world.calls.delete(call)) return;
  call.trunk.busy -= 1;
  const extra = { 'Hangup-Cause': cause, variable_hangup_cause: cause };
  sendCallEvent(world, call, { eventName: 'CHANNEL_HANGUP', atMs, hangupMs: atMs, extra, weight: 'detail' });
  sendCallEvent(world, call, { eventName: 'CHANNEL_HANGUP_COMPLETE', atMs, hangupMs: atMs, extra });
  if (!world.options.isRecording) return;
  world.ledger.calls.push({
    direction: call.direction,
    startMs: call.startMs,
    endMs: atMs,
    isAnswered: isAnswered(call),
    isAbandoned: isAbandoned(call, cause),
  });
};

/** One key pressed; the digit stays a private matter of the switch. */
export const pressKey = (world: World, call: Call, atMs: number): void => {
  if (!world.calls.has(call)) return;
  const extra = { 'DTMF-Digit': String(world.random.ivr.int(0, 9)), 'DTMF-Duration': '2000' };
  sendCallEvent(world, call, { eventName: 'DTMF', atMs, extra, weight: 'detail' });
};
