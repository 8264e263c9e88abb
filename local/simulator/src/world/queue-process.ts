import { sendEnvelope, rfc3339 } from '../emit/envelope.ts';
import type { CancelReason, Undone } from '../emit/callcenter.ts';
import { sendMembersCount, sendQueueCancel, sendQueueResume, sendQueueStart } from '../emit/callcenter.ts';
import { isStaffed } from './agent-process.ts';
import type { StayRecord, VisitOutcome } from './ledger.ts';
import type { Call, Member, World } from './world.ts';
import { queueOf } from './world.ts';

const MAX_WAIT_MS = 70_000;
const NO_AGENT_WAIT_MS = 9_000;
/** How long a caller who gave up may come back to the old place: mod_callcenter's own default. */
export const DISCARD_ABANDONED_AFTER_MS = 60_000;

export const OUTCOMES: Readonly<Record<CancelReason, VisitOutcome>> = {
  BREAK_OUT: 'abandoned',
  NONE: 'abandoned',
  TIMEOUT: 'timeout',
  NO_AGENT_TIMEOUT: 'no_agent',
  EXIT_WITH_KEY: 'key',
};

/** How a wait ends when no agent ends it. */
export interface ExitPlan {
  readonly atMs: number;
  readonly reason: CancelReason | 'CALLBACK';
}

/** Draws the patience of a caller and takes the earliest of all ways out. */
export const planExit = (world: World, queueId: string, nowMs: number): ExitPlan => {
  const random = world.random.queue;
  const isBalking = random.isHit(0.03);
  const plans: ExitPlan[] = [
    { atMs: nowMs + MAX_WAIT_MS, reason: 'TIMEOUT' },
    { atMs: nowMs + (isBalking ? random.int(700, 6_500) : 6_000 + random.exponential(140_000)), reason: 'BREAK_OUT' },
  ];
  if (random.isHit(0.06)) plans.push({ atMs: nowMs + random.int(4_000, 45_000), reason: 'EXIT_WITH_KEY' });
  if (random.isHit(0.04)) plans.push({ atMs: nowMs + random.int(6_000, 60_000), reason: 'CALLBACK' });
  if (random.isHit(isStaffed(world, queueId) ? 0.012 : 1)) {
    plans.push({ atMs: nowMs + NO_AGENT_WAIT_MS, reason: 'NO_AGENT_TIMEOUT' });
  }
  return plans.reduce((first, plan) => (plan.atMs < first.atMs ? plan : first));
};

const openStay = (world: World, queueId: string, kind: StayRecord['kind'], atMs: number): StayRecord => {
  const stay = { queueId, kind, enteredMs: atMs, leftMs: Infinity };
  if (world.options.isRecording) world.ledger.stays.push(stay);
  return stay;
};

const bind = (call: Call, member: Member): void => {
  call.lastQueueId = member.queueId;
  call.memberUuid = member.uuid;
  call.cancelReason = null;
};

/** A caller enters a queue; `atMs` is a whole second, which is all that mod_callcenter remembers. */
export const enterQueue = (world: World, call: Call, queueId: string, atMs: number): Member => {
  const member: Member = {
    uuid: world.random.ids.uuid(),
    queueId,
    firstJoinedMs: atMs,
    call,
    phase: 'waiting',
    stay: openStay(world, queueId, 'join', atMs),
    offer: null,
    visit: null,
  };
  bind(call, member);
  const queue = queueOf(world, queueId);
  queue.members.push(member);
  sendQueueStart(world, member, atMs);
  sendMembersCount(world, member, atMs, queue.members.length);
  return member;
};

/**
 * An abandoned caller is back on a new call and takes the old place again. A forwarder remembers every abandon for as
 * long as the switch does; without one, the raw event itself says what it undoes, if that is known.
 */
export const resumeMember = (world: World, member: Member, call: Call, atMs: number, isMatched: boolean): void => {
  const left = member.visit;
  const isKnown = isMatched || world.options.hasForwarder;
  const undone: Undone | null = isKnown && left !== null ? { sessionUuid: member.call.id, leftMs: left.leftMs } : null;
  if (isKnown && left !== null) left.isResumed = true;
  member.call = call;
  member.phase = 'waiting';
  member.visit = null;
  member.stay = openStay(world, member.queueId, 'resume', atMs);
  bind(call, member);
  const queue = queueOf(world, member.queueId);
  queue.members.push(member);
  queue.members.sort((a, b) => a.firstJoinedMs - b.firstJoinedMs);
  sendQueueResume(world, member, atMs, world.options.hasForwarder ? null : undone);
};

/** Takes a member out of the queue for good or until a resume, and puts the visit on record. */
export const leaveQueue = (world: World, member: Member, outcome: VisitOutcome, atMs: number): void => {
  const queue = queueOf(world, member.queueId);
  queue.members = queue.members.filter((other) => other !== member);
  if (world.options.hasForwarder) {
    const isListed = (former: Member): boolean => (former.visit?.leftMs ?? 0) > atMs - DISCARD_ABANDONED_AFTER_MS;
    queue.former = [...queue.former.filter((former) => former !== member && isListed(former)), member];
  }
  member.phase = 'left';
  member.stay.leftMs = atMs;
  member.visit = {
    queueId: member.queueId,
    joinedMs: member.firstJoinedMs,
    leftMs: atMs,
    outcome,
    isResumed: false,
  };
  if (world.options.isRecording) world.ledger.visits.push(member.visit);
  sendMembersCount(world, member, atMs, queue.members.length);
};

/** A member leaves without an agent: mod_callcenter says why, the callback service speaks for itself. */
export const cancelMember = (world: World, member: Member, reason: ExitPlan['reason'], atMs: number): void => {
  if (reason !== 'CALLBACK') {
    leaveQueue(world, member, OUTCOMES[reason], atMs);
    sendQueueCancel(world, member, atMs, reason);
    member.call.cancelReason = reason;
    return;
  }
  leaveQueue(world, member, 'callback', atMs);
  member.call.cancelReason = 'EXIT_WITH_KEY';
  const stayId = `${member.uuid}:${member.call.id}`;
  sendEnvelope(world, {
    source: 'freeswitch',
    type: 'QUEUE_LEAVE',
    about: stayId,
    atMs,
    fields: {
      visitId: member.uuid,
      stayId,
      queueId: member.queueId,
      callId: member.call.id,
      joinedAt: rfc3339(member.firstJoinedMs),
      outcome: 'callback',
    },
  });
};
