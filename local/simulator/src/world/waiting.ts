import { sendAgentOffering, sendBridgeFail } from '../emit/callcenter.ts';
import { sendAgentLegEvent } from '../emit/freeswitch.ts';
import { wholeSecondAt } from './agenda.ts';
import { isFree, longestIdle, settle } from './agent-process.ts';
import { answerChannel, createCall, hangUp } from './calls.ts';
import { beginAnswer } from './conversation.ts';
import type { ExitPlan } from './queue-process.ts';
import { cancelMember, enterQueue, planExit, resumeMember } from './queue-process.ts';
import { queueOf } from './world.ts';
import type { Agent, Call, Member, Offer, QueueLine, World } from './world.ts';

const NO_ANSWER_MS = 12_000;

/** Rings an agent for a member; both are taken until the phone is answered, ignored or the caller gone. */
const ring = (world: World, member: Member, agent: Agent, nowMs: number): void => {
  const random = world.random.queue;
  const offer: Offer = { member, agent, legId: world.random.ids.uuid(), calledMs: nowMs };
  member.phase = 'offered';
  member.offer = offer;
  agent.offer = offer;
  sendAgentOffering(world, member, agent.id, nowMs);
  const leg = { legId: offer.legId, agentId: agent.id, createdMs: nowMs, answeredMs: null, hangupMs: null };
  sendAgentLegEvent(world, member.call, { ...leg, eventName: 'CHANNEL_CREATE', atMs: nowMs });
  const isIgnored = random.isHit(0.02);
  const untilMs = wholeSecondAt(nowMs + (isIgnored ? NO_ANSWER_MS : random.int(1_200, 5_500)));
  world.agenda.at(untilMs, (atMs) => {
    if (agent.offer !== offer) return;
    agent.offer = null;
    member.offer = null;
    if (isIgnored) {
      sendBridgeFail(world, member, agent.id, offer.calledMs, atMs);
      member.phase = 'waiting';
      agent.wanted ??= 'away';
      settle(world, agent, atMs);
      world.agenda.after(world.random.presence.int(30_000, 90_000), (backMs) => {
        if (agent.state === 'away') becomeFree(world, agent, backMs);
      });
      matchQueue(world, queueOf(world, member.queueId), atMs);
      return;
    }
    beginAnswer(world, offer, atMs, {
      onAgentDone: (doneMs) => {
        becomeFree(world, agent, doneMs);
      },
      onCallerGone: (goneMs) => {
        leaveWithoutAgent(world, member, 'NONE', goneMs);
      },
      onBackInQueue: (backMs) => {
        matchQueue(world, queueOf(world, member.queueId), backMs);
      },
      onTransfer: (call, queueId, joinMs) => {
        joinQueue(world, call, queueId, joinMs);
      },
    });
  });
};

/** Gives waiting members, oldest first, to free agents. */
export const matchQueue = (world: World, queue: QueueLine, nowMs: number): void => {
  for (const member of [...queue.members]) {
    if (member.phase !== 'waiting') continue;
    const agent = longestIdle(world, queue.id);
    if (agent === null) return;
    ring(world, member, agent, nowMs);
  }
};

/** An agent has nothing to do any more: on to the planner's wish, or to the oldest waiting member. */
export const becomeFree = (world: World, agent: Agent, nowMs: number): void => {
  settle(world, agent, nowMs);
  if (!isFree(agent)) return;
  let oldest: Member | null = null;
  for (const queueId of agent.queueIds) {
    const first = queueOf(world, queueId).members.find((member) => member.phase === 'waiting');
    if (first !== undefined && (oldest === null || first.firstJoinedMs < oldest.firstJoinedMs)) oldest = first;
  }
  if (oldest !== null) ring(world, oldest, agent, nowMs);
};

const watchPatience = (world: World, member: Member, plan: ExitPlan): void => {
  const { stay } = member;
  world.agenda.at(plan.atMs, (atMs) => {
    if (member.stay !== stay || member.phase === 'left') return;
    if (member.phase === 'bridging') {
      watchPatience(world, member, { ...plan, atMs: atMs + 1_000 });
      return;
    }
    leaveWithoutAgent(world, member, plan.reason, atMs);
  });
};

/** A caller enters a queue at a whole second and waits for an agent, patience permitting. */
export const joinQueue = (world: World, call: Call, queueId: string, atMs: number): void => {
  const member = enterQueue(world, call, queueId, atMs);
  watchPatience(world, member, planExit(world, queueId, atMs));
  matchQueue(world, queueOf(world, queueId), atMs);
};

const otherQueue = (world: World, queueId: string): string =>
  world.random.queue.pick([...world.queues.keys()].filter((id) => id !== queueId));

const planReturn = (world: World, member: Member, leftMs: number): void => {
  const random = world.random.queue;
  const isMatched = random.isHit(0.85);
  world.agenda.at(leftMs + random.int(4_000, 45_000), (createdMs) => {
    const call = createCall(world, 'inbound', createdMs);
    if (call === null) return;
    answerChannel(world, call, createdMs);
    world.agenda.after(random.int(900, 9_000), (atMs) => {
      resumeMember(world, member, call, atMs, isMatched);
      watchPatience(world, member, planExit(world, member.queueId, atMs));
      matchQueue(world, queueOf(world, member.queueId), atMs);
    });
  });
};

/** What a caller does after a queue gave nothing: tries another, leaves a message, or hangs up. */
const goOn = (world: World, member: Member, reason: ExitPlan['reason'], atMs: number): void => {
  const random = world.random.queue;
  const { call } = member;
  const isGone = reason === 'BREAK_OUT' || reason === 'NONE';
  if (!isGone && reason !== 'CALLBACK' && random.isHit(0.6)) {
    const queueId = otherQueue(world, member.queueId);
    world.agenda.at(wholeSecondAt(atMs + 300), (joinMs) => {
      joinQueue(world, call, queueId, joinMs);
    });
    return;
  }
  const restMs = isGone
    ? random.int(1, 40)
    : reason === 'CALLBACK'
      ? random.int(800, 4_000)
      : random.int(8_000, 35_000);
  world.agenda.after(restMs, (endMs) => {
    hangUp(world, call, endMs);
  });
  if (reason === 'BREAK_OUT' && random.isHit(0.25)) planReturn(world, member, atMs);
};

/** A member leaves unserved; an agent whose phone was ringing for it is free again. */
export const leaveWithoutAgent = (world: World, member: Member, reason: ExitPlan['reason'], atMs: number): void => {
  const { offer } = member;
  member.offer = null;
  cancelMember(world, member, reason, atMs);
  goOn(world, member, reason, atMs);
  if (offer === null) return;
  offer.agent.offer = null;
  becomeFree(world, offer.agent, atMs);
};
