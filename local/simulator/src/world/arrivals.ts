import { rfc3339, sendEnvelope } from '../emit/envelope.ts';
import { wholeSecondAt } from './agenda.ts';
import { answerChannel, createCall, hangUp, pressKey } from './calls.ts';
import { joinQueue } from './waiting.ts';
import type { Call, QueueLine, World } from './world.ts';

const SURGE_FACTOR = 4;

/** A queue that is under a rush of callers for a while. */
interface Surge {
  queueId: string | null;
  untilMs: number;
}

const weightsNow = (queues: readonly QueueLine[], surge: Surge, nowMs: number): number[] =>
  queues.map((queue) =>
    queue.id === surge.queueId && nowMs < surge.untilMs ? queue.weight * SURGE_FACTOR : queue.weight,
  );

/** Poisson arrivals along the day, with a surge on one queue every half hour or so. */
export const startArrivals = (world: World): void => {
  const queues = [...world.queues.values()];
  if (queues.length === 0) return;
  const random = world.random.arrivals;
  const surge: Surge = { queueId: null, untilMs: 0 };
  const planSurge = (nowMs: number): void => {
    surge.queueId = random.pick(queues).id;
    surge.untilMs = nowMs + random.int(90_000, 240_000);
    world.agenda.after(random.exponential(1_800_000), planSurge);
  };
  const arrive = (nowMs: number): void => {
    const weights = weightsNow(queues, surge, nowMs);
    const queue = queues[random.weighted(weights)];
    const perSecond =
      world.options.callsPerSecond *
      world.shape.arrivalFactor(nowMs) *
      weights.reduce((sum, weight) => sum + weight, 0);
    world.agenda.after(Math.max(1, random.exponential(1000 / perSecond)), arrive);
    if (queue !== undefined) receiveCall(world, queue.id, nowMs);
  };
  world.agenda.after(random.exponential(1_000_000), planSurge);
  world.agenda.after(1, arrive);
};

const receiveCall = (world: World, queueId: string, nowMs: number): void => {
  const random = world.random.ivr;
  const call = createCall(world, 'inbound', nowMs);
  if (call === null) return;
  if (random.isHit(0.02)) {
    world.agenda.after(random.int(800, 6_000), (atMs) => {
      hangUp(world, call, atMs, 'ORIGINATOR_CANCEL');
    });
    return;
  }
  world.agenda.after(random.int(150, 900), (atMs) => {
    answerChannel(world, call, atMs);
    if (random.isHit(0.2)) converse(world, call, queueId, atMs);
    else listen(world, call, queueId, atMs);
  });
};

/** The conversational AI answers first; it contains some calls and hands the rest on. */
const converse = (world: World, call: Call, queueId: string, startMs: number): void => {
  const random = world.random.ivr;
  const isContained = random.isHit(0.45);
  world.agenda.after(random.int(6_000, 45_000), (atMs) => {
    sendEnvelope(world, {
      source: 'cai',
      type: 'CAI_CONVERSATION',
      about: call.id,
      atMs,
      fields: {
        startedAt: rfc3339(startMs),
        flow: 'front_door',
        turns: random.int(2, 14),
        contained: isContained,
        escalated: !isContained,
        intent: random.pick(['opening_hours', 'pay_bill', 'track_order', 'speak_to_agent', 'change_address']),
      },
    });
    if (isContained) hangUp(world, call, atMs);
    else route(world, call, queueId, atMs);
  });
};

/** The menu: keys are pressed, some callers get what they wanted there and then. */
const listen = (world: World, call: Call, queueId: string, startMs: number): void => {
  const random = world.random.ivr;
  const menuMs = random.int(3_000, 16_000);
  for (let presses = random.int(0, 2); presses > 0; presses -= 1) {
    world.agenda.after(random.int(900, menuMs - 100), (atMs) => {
      pressKey(world, call, atMs);
    });
  }
  const isServed = random.isHit(0.06);
  world.agenda.after(menuMs, (atMs) => {
    sendEnvelope(world, {
      source: 'fsxinetd',
      type: 'IVR_INTERACTION',
      about: call.id,
      atMs,
      fields: { flow: 'main_menu', startedAt: rfc3339(startMs), outcome: isServed ? 'self_served' : 'queued' },
    });
    if (isServed) hangUp(world, call, atMs);
    else route(world, call, queueId, atMs);
  });
};

const route = (world: World, call: Call, queueId: string, atMs: number): void => {
  sendEnvelope(world, {
    source: 'fsxinetd',
    type: 'ROUTING_DECISION',
    about: call.id,
    atMs,
    fields: { callId: call.id, queueId },
    weight: 'detail',
  });
  world.agenda.at(wholeSecondAt(atMs + 50), (joinMs) => {
    joinQueue(world, call, queueId, joinMs);
  });
};
