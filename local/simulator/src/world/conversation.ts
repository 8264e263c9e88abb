import type { Bridge } from '../emit/callcenter.ts';
import { sendBridgeEnd, sendBridgeStart, sendQueueTerminated } from '../emit/callcenter.ts';
import { rfc3339, sendEnvelope } from '../emit/envelope.ts';
import { sendAgentLegEvent, sendCallEvent } from '../emit/freeswitch.ts';
import { wholeSecondAt } from './agenda.ts';
import { changeState } from './agent-process.ts';
import { hangUp, pressKey } from './calls.ts';
import { leaveQueue } from './queue-process.ts';
import type { Agent, Call, Member, Offer, World } from './world.ts';

const TALK_MEAN_S = 74;
const ACW_MEAN_MS = 14_000;
const UNDONE_SHARE = 0.02;

/** What follows an answer is decided by the queue, which calls back into it. */
export interface AnswerFollowUps {
  readonly onAgentDone: (atMs: number) => void;
  readonly onCallerGone: (atMs: number) => void;
  readonly onBackInQueue: (atMs: number) => void;
  readonly onTransfer: (call: Call, queueId: string, joinMs: number) => void;
}

const sendLeg = (world: World, offer: Offer, answeredMs: number, hangupMs: number | null): void => {
  sendAgentLegEvent(world, offer.member.call, {
    eventName: hangupMs === null ? 'CHANNEL_ANSWER' : 'CHANNEL_HANGUP_COMPLETE',
    atMs: hangupMs ?? answeredMs,
    legId: offer.legId,
    agentId: offer.agent.id,
    createdMs: offer.calledMs,
    answeredMs,
    hangupMs,
  });
};

/** An agent picks up, at a whole second. Now and then the caller is gone in that very instant. */
export const beginAnswer = (world: World, offer: Offer, atMs: number, followUps: AnswerFollowUps): void => {
  const { member, agent } = offer;
  const bridge: Bridge = { agentId: agent.id, legId: offer.legId, calledMs: offer.calledMs, answeredMs: atMs };
  sendLeg(world, offer, atMs, null);
  changeState(world, agent, 'on_contact', atMs);
  if (world.random.talk.isHit(UNDONE_SHARE)) {
    undoLater(world, offer, bridge, followUps);
    return;
  }
  leaveQueue(world, member, 'answered', atMs);
  member.call.queueAnsweredMs = atMs;
  member.call.lastAgentId = agent.id;
  sendBridgeStart(world, member, bridge);
  talk(world, offer, bridge, followUps);
};

/** Until the bridge is proven the member counts as waiting, as the undone answer will have it. */
const undoLater = (world: World, offer: Offer, bridge: Bridge, followUps: AnswerFollowUps): void => {
  const { member, agent } = offer;
  const isGone = world.random.talk.isHit(0.5);
  member.phase = 'bridging';
  agent.leg = { id: offer.legId, call: member.call, createdMs: offer.calledMs };
  sendBridgeStart(world, member, bridge);
  world.agenda.after(world.random.talk.int(40, 900), (atMs) => {
    agent.leg = null;
    sendBridgeEnd(world, member, bridge, atMs, false);
    sendLeg(world, offer, bridge.answeredMs, atMs);
    member.phase = 'waiting';
    if (isGone) followUps.onCallerGone(atMs);
    followUps.onAgentDone(atMs);
    if (!isGone) followUps.onBackInQueue(atMs);
  });
};

const planHold = (world: World, call: Call, talkMs: number): void => {
  const random = world.random.talk;
  const holdMs = random.int(3_000, Math.max(3_000, talkMs * 0.4));
  const startMs = random.int(1_000, Math.max(1_000, talkMs * 0.3));
  if (startMs + holdMs >= talkMs) return;
  world.agenda.after(startMs, (atMs) => {
    sendCallEvent(world, call, { eventName: 'CHANNEL_HOLD', atMs, weight: 'detail' });
  });
  world.agenda.after(startMs + holdMs, (atMs) => {
    call.holdMs += holdMs;
    sendCallEvent(world, call, { eventName: 'CHANNEL_UNHOLD', atMs, weight: 'detail' });
  });
};

const talk = (world: World, offer: Offer, bridge: Bridge, followUps: AnswerFollowUps): void => {
  const random = world.random.talk;
  const { member } = offer;
  const { call } = member;
  offer.agent.leg = { id: offer.legId, call, createdMs: offer.calledMs };
  const talkMs = Math.max(4, Math.round(random.humped(TALK_MEAN_S) * world.options.durationScale)) * 1000;
  if (random.isHit(0.2)) planHold(world, call, talkMs);
  if (random.isHit(0.15)) {
    world.agenda.after(random.int(500, talkMs - 500), (atMs) => {
      pressKey(world, call, atMs);
    });
  }
  world.agenda.after(talkMs, (atMs) => {
    offer.agent.leg = null;
    sendBridgeEnd(world, member, bridge, atMs, true);
    sendQueueTerminated(world, member, bridge, atMs);
    sendLeg(world, offer, bridge.answeredMs, atMs);
    if (world.options.isRecording) {
      const { agentId } = bridge;
      world.ledger.handles.push({ agentId, queueId: member.queueId, contactEndMs: atMs, talkMs });
    }
    afterCallWork(world, offer.agent, member, bridge, atMs, followUps);
    part(world, member, atMs, followUps);
  });
};

/** The caller hangs up, or is transferred to another queue. */
const part = (world: World, member: Member, atMs: number, followUps: AnswerFollowUps): void => {
  const random = world.random.talk;
  const { call } = member;
  if (!random.isHit(0.08)) {
    world.agenda.after(random.int(0, 400), (endMs) => {
      hangUp(world, call, endMs);
    });
    return;
  }
  const queueId = random.pick([...world.queues.keys()].filter((id) => id !== member.queueId));
  call.transfers += 1;
  sendEnvelope(world, {
    source: 'freeswitch',
    type: 'TRANSFER',
    about: `${call.id}:${String(atMs)}`,
    atMs,
    fields: { callId: call.id, queueId: member.queueId },
  });
  world.agenda.at(wholeSecondAt(atMs + 500), (joinMs) => {
    followUps.onTransfer(call, queueId, joinMs);
  });
};

const afterCallWork = (
  world: World,
  agent: Agent,
  member: Member,
  bridge: Bridge,
  contactEndMs: number,
  followUps: AnswerFollowUps,
): void => {
  const random = world.random.talk;
  if (random.isHit(0.1)) {
    followUps.onAgentDone(contactEndMs);
    return;
  }
  changeState(world, agent, 'acw', contactEndMs);
  const acwMs = Math.round(1_000 + random.humped(ACW_MEAN_MS) * world.options.durationScale);
  world.agenda.after(acwMs, (atMs) => {
    const contactId = `${member.uuid}:${agent.id}:${String(bridge.answeredMs / 1000)}`;
    const { queueId } = member;
    if (world.options.isRecording) world.ledger.acws.push({ agentId: agent.id, queueId, contactEndMs, acwMs });
    sendEnvelope(world, {
      source: 'freeswitch',
      type: 'AGENT_ACW',
      about: contactId,
      atMs,
      fields: { contactId, contactEnd: rfc3339(contactEndMs), agentId: agent.id, teamId: agent.teamId, queueId, acwMs },
    });
    followUps.onAgentDone(atMs);
  });
};
