import { changeState, isFree } from './agent-process.ts';
import { becomeFree } from './waiting.ts';
import type { Agent, World } from './world.ts';

const TICK_MS = 60_000;
const BREAK_SHARE = 0.012;
const MAX_CHANGES_A_TICK = 3;

/** Sends an agent away or home, at once when idle, else after the contact. */
const dismiss = (world: World, agent: Agent, wanted: 'away' | 'offline', nowMs: number): void => {
  if (isFree(agent) || (agent.state === 'away' && wanted === 'offline')) changeState(world, agent, wanted, nowMs);
  else if (agent.state === 'available' || agent.state === 'on_contact' || agent.state === 'acw') agent.wanted = wanted;
};

const planBreak = (world: World, agent: Agent, nowMs: number): void => {
  dismiss(world, agent, 'away', nowMs);
  world.agenda.after(world.random.presence.int(180_000, 720_000), (atMs) => {
    if (agent.wanted === 'away') agent.wanted = null;
    if (agent.state === 'away') becomeFree(world, agent, atMs);
  });
};

/** The planner: keeps about as many agents logged in as the hour needs, and lets them have breaks. */
export const startPresence = (world: World): void => {
  if (world.agents.length === 0) return;
  const random = world.random.presence;
  const tick = (nowMs: number): void => {
    world.agenda.after(TICK_MS, tick);
    const target =
      Math.round(world.agents.length * world.shape.staffShare(nowMs) * world.options.staffScale) + random.int(-1, 1);
    const staffed = world.agents.filter((agent) => agent.state !== 'offline' && agent.wanted !== 'offline');
    const absent = world.agents.filter((agent) => agent.state === 'offline');
    for (
      let missing = Math.min(MAX_CHANGES_A_TICK, target - staffed.length, absent.length);
      missing > 0;
      missing -= 1
    ) {
      const [agent] = absent.splice(random.int(0, absent.length - 1), 1);
      if (agent !== undefined) becomeFree(world, agent, nowMs);
    }
    if (staffed.length > target) dismiss(world, random.pick(staffed), 'offline', nowMs);
    for (const agent of staffed) {
      const isWorking = agent.state !== 'away' && agent.wanted === null;
      if (isWorking && random.isHit(BREAK_SHARE)) planBreak(world, agent, nowMs);
    }
  };
  world.agenda.after(random.int(1_000, TICK_MS), tick);
};
