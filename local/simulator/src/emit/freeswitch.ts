import type { Body, Weight } from '../world/wire.ts';
import type { Call, World } from '../world/world.ts';

const HOST = 'fs-media-1';

/** Epoch milliseconds as the microseconds that FreeSWITCH writes; 0 stands for "not yet". */
const microseconds = (atMs: number | null): string => (atMs === null ? '0' : `${String(atMs)}000`);

const seconds = (atMs: number): string => String(Math.floor(atMs / 1000));

/** Headers of every switch event. JSON events carry strings only. */
export const switchEvent = (world: World, eventName: string, atMs: number): Record<string, string> => {
  const date = new Date(atMs);
  const sequence = String(world.wire.nextSequence());
  return {
    'Event-Name': eventName,
    'Core-UUID': world.wire.coreUuid,
    'FreeSWITCH-Hostname': HOST,
    'FreeSWITCH-Switchname': HOST,
    'FreeSWITCH-IPv4': '10.20.0.11',
    'FreeSWITCH-IPv6': '::1',
    'Event-Date-Local': date.toISOString().slice(0, 19).replace('T', ' '),
    'Event-Date-GMT': date.toUTCString(),
    'Event-Date-Timestamp': microseconds(atMs),
    'Event-Calling-File': 'switch_channel.c',
    'Event-Calling-Function': 'switch_channel_perform_event',
    'Event-Calling-Line-Number': '1167',
    'Event-Sequence': sequence,
  };
};

/** Variables of the caller's channel, those of mod_callcenter included. */
export const callVariables = (world: World, call: Call): Record<string, string> => ({
  variable_territory_id: String(world.population.territoryId),
  variable_region_id: String(world.population.regionId),
  variable_uuid: call.id,
  variable_direction: call.direction,
  variable_sip_gateway_name: call.trunk.id,
  ...(call.lastQueueId === null ? {} : { variable_cc_side: 'member', variable_cc_queue: call.lastQueueId }),
  ...(call.memberUuid === null ? {} : { variable_cc_member_uuid: call.memberUuid }),
  ...(call.lastAgentId === null ? {} : { variable_cc_agent: call.lastAgentId }),
  ...(call.queueAnsweredMs === null ? {} : { variable_cc_queue_answered_epoch: seconds(call.queueAnsweredMs) }),
  ...(call.cancelReason === null ? {} : { variable_cc_cause: 'cancel', variable_cc_cancel_reason: call.cancelReason }),
});

interface ChannelMoment {
  readonly eventName: string;
  readonly atMs: number;
  readonly hangupMs?: number;
  readonly extra?: Body;
  readonly weight?: Weight;
}

/** Sends an event of the caller's own leg, whose Unique-ID is the call's. */
export const sendCallEvent = (world: World, call: Call, moment: ChannelMoment): void => {
  const isAnswered = call.channelAnsweredMs !== null;
  const isOver = moment.hangupMs !== undefined;
  const body = {
    ...switchEvent(world, moment.eventName, moment.atMs),
    'Channel-State': isOver ? 'CS_REPORTING' : 'CS_EXECUTE',
    'Channel-Call-State': isOver ? 'HANGUP' : isAnswered ? 'ACTIVE' : 'RINGING',
    'Channel-Name': `sofia/gateway/${call.trunk.id}/${call.callerNumber}`,
    'Unique-ID': call.id,
    'Channel-Call-UUID': call.id,
    'Call-Direction': call.direction,
    'Presence-Call-Direction': call.direction,
    'Answer-State': isOver ? 'hangup' : isAnswered ? 'answered' : 'ringing',
    'Caller-Direction': call.direction,
    'Caller-Caller-ID-Number': call.callerNumber,
    'Caller-Unique-ID': call.id,
    'Caller-Channel-Created-Time': microseconds(call.startMs),
    'Caller-Channel-Answered-Time': microseconds(call.channelAnsweredMs),
    'Caller-Channel-Progress-Time': '0',
    'Caller-Channel-Progress-Media-Time': '0',
    'Caller-Channel-Hangup-Time': microseconds(moment.hangupMs ?? null),
    'Caller-Channel-Transfer-Time': '0',
    'Caller-Channel-Hold-Accum': microseconds(call.holdMs),
    ...callVariables(world, call),
    ...moment.extra,
  };
  world.wire.send(moment.atMs, body, moment.weight);
};

interface LegMoment {
  readonly eventName: string;
  readonly atMs: number;
  readonly legId: string;
  readonly agentId: string;
  readonly createdMs: number;
  readonly answeredMs: number | null;
  readonly hangupMs: number | null;
}

/**
 * Sends an event of an agent's leg. It belongs to the caller's call and must not count as another one;
 * mod_callcenter's originated legs even start as calls of their own, only `cc_side` tells.
 */
export const sendAgentLegEvent = (world: World, call: Call, moment: LegMoment): void => {
  const isOwnCall = moment.answeredMs === null;
  const body = {
    ...switchEvent(world, moment.eventName, moment.atMs),
    'Channel-State': moment.hangupMs === null ? 'CS_CONSUME_MEDIA' : 'CS_REPORTING',
    'Channel-Name': `sofia/internal/${moment.agentId}`,
    'Unique-ID': moment.legId,
    'Channel-Call-UUID': isOwnCall ? moment.legId : call.id,
    'Call-Direction': 'outbound',
    'Answer-State': moment.hangupMs !== null ? 'hangup' : moment.answeredMs !== null ? 'answered' : 'ringing',
    'Other-Leg-Unique-ID': call.id,
    'Caller-Unique-ID': moment.legId,
    'Caller-Channel-Created-Time': microseconds(moment.createdMs),
    'Caller-Channel-Answered-Time': microseconds(moment.answeredMs),
    'Caller-Channel-Hangup-Time': microseconds(moment.hangupMs),
    'Caller-Channel-Hold-Accum': '0',
    variable_territory_id: String(world.population.territoryId),
    variable_region_id: String(world.population.regionId),
    variable_uuid: moment.legId,
    variable_cc_side: 'agent',
    variable_cc_agent: moment.agentId,
    ...(call.lastQueueId === null ? {} : { variable_cc_queue: call.lastQueueId }),
    ...(call.memberUuid === null ? {} : { variable_cc_member_uuid: call.memberUuid }),
    ...(moment.hangupMs === null ? {} : { 'Hangup-Cause': 'NORMAL_CLEARING' }),
  };
  world.wire.send(moment.atMs, body, 'detail');
};
