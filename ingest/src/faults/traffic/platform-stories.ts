import type { StoryScope } from './stories.ts';

const LATENCY_BUCKETS = 48;

const at = (ms: number): string => new Date(ms).toISOString();

/** One of each thing that is no call: menus, conversations with the AI agent, requests and what users did. */
export function platformStory(scope: StoryScope, name: string, ms: number): void {
  const { territoryId, regionId, random, oracle } = scope;
  const send = (source: string, type: string, fields: object): void => {
    const id = `${name}-${type.toLowerCase()}`;
    scope.send({ v: 1, id, type, source, time: at(ms), territoryId, regionId, ...fields }, id);
  };
  const durationMs = random.between(1000, 60_000);
  send('fsxinetd', 'IVR_INTERACTION', { flow: 'menu', startedAt: at(ms - durationMs), outcome: 'done' });
  oracle.add(territoryId, 'call_metrics.ivr', 'menu', ms, { n: 1, dur_ms: durationMs });

  const turns = random.between(1, 9);
  const isContained = random.isLucky(0.5);
  const talk = { turns, contained: isContained, escalated: !isContained, intent: 'order' };
  send('cai', 'CAI_CONVERSATION', { startedAt: at(ms - durationMs), flow: 'helper', ...talk });
  oracle.add(territoryId, 'call_metrics.cai', 'helper', ms, {
    n: 1,
    dur_ms: durationMs,
    turns,
    contained: isContained ? 1 : 0,
    escalated: isContained ? 0 : 1,
  });

  const n = random.between(1, 50);
  const errors = random.between(0, n);
  const latSumMs = n * random.between(1, 200);
  const buckets = Array.from({ length: LATENCY_BUCKETS }, (_, index) => (index === 7 ? n : 0));
  send('platform', 'API_SAMPLE', { service: 'api', route: '/calls', n, errors, latSumMs, latMaxMs: 200, buckets });
  oracle.add(territoryId, 'system_metrics.api', '/calls', ms, { n, errors, lat_sum_ms: latSumMs, h07: n });

  send('platform', 'USER_ACTION', { action: 'opened' });
  oracle.add(territoryId, 'system_metrics.admin', 'opened', ms, { n: 1 });
}
