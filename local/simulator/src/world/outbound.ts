import { changeState, isFree } from './agent-process.ts';
import { answerChannel, createCall, hangUp } from './calls.ts';
import type { HangupCause } from './calls.ts';
import { becomeFree } from './waiting.ts';
import type { World } from './world.ts';

const SHARE_OF_INBOUND = 0.1;
const IDLE_AGENTS_NEEDED = 3;
const REFUSALS: readonly HangupCause[] = ['NO_ANSWER', 'NO_ANSWER', 'USER_BUSY', 'NORMAL_TEMPORARY_FAILURE'];

const dial = (world: World, nowMs: number): void => {
  const random = world.random.outbound;
  const idle = world.agents.filter(isFree);
  if (idle.length < IDLE_AGENTS_NEEDED) return;
  const agent = random.pick(idle);
  const call = createCall(world, 'outbound', nowMs);
  if (call === null) return;
  changeState(world, agent, 'on_contact', nowMs);
  const finish = (atMs: number, cause: HangupCause): void => {
    hangUp(world, call, atMs, cause);
    becomeFree(world, agent, atMs);
  };
  const isTaken = random.isHit(0.68);
  world.agenda.after(random.int(3_000, 18_000), (atMs) => {
    if (!isTaken) {
      finish(atMs, random.pick(REFUSALS));
      return;
    }
    answerChannel(world, call, atMs);
    world.agenda.after(Math.round(3_000 + random.humped(40_000) * world.options.durationScale), (endMs) => {
      finish(endMs, 'NORMAL_CLEARING');
    });
  });
};

/** Agents with nothing to do call customers back. */
export const startOutbound = (world: World): void => {
  if (world.agents.length === 0) return;
  const meanMs = 1000 / (world.options.callsPerSecond * SHARE_OF_INBOUND);
  const next = (nowMs: number): void => {
    world.agenda.after(1 + world.random.outbound.exponential(meanMs), next);
    dial(world, nowMs);
  };
  world.agenda.after(world.random.outbound.exponential(meanMs), next);
};
