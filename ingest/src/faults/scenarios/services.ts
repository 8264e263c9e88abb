import { until } from '../../testing/until.ts';
import { PASS } from '../doors/door.ts';
import { isWriteOfFacts, outage, streamFaults, throttling } from '../doors/rules.ts';
import { settle, type Scenario } from '../scenario.ts';

/** The store refuses most of what it is offered for a while; the worker keeps offering. */
export const throttledStore: Scenario = {
  name: '60 to 95 % throttling',
  controls: {},
  async run(context) {
    const { scale } = context;
    const traffic = context.traffic();
    const site = await context.open(2);
    const rule = throttling(context.random, 0.6, 0.95);
    let offered = 0;
    site.store.rule = (call) => {
      if (isWriteOfFacts(call)) offered += 1;
      return rule(call);
    };
    await site.startWorker({ instance: 'only' }).ready;
    const stormMs = scale.isLong ? 60_000 : 8000;
    await site.producer.trickle(traffic.deliveries, 20, stormMs / 20);
    site.store.rule = () => PASS;
    return { violations: await settle(site, traffic, context), figures: { offered } };
  },
};

/** The store is not there; nothing is lost, nothing dies, and what waited is stored after. */
export const storeOutage: Scenario = {
  name: 'outage of the store',
  controls: {},
  async run(context) {
    const traffic = context.traffic();
    const site = await context.open(2);
    await site.startWorker({ instance: 'only' }).ready;
    const outageMs = context.scale.isLong ? 180_000 : 6000;
    site.store.rule = outage;
    await site.producer.trickle(traffic.deliveries, 10, outageMs / 10);
    site.store.rule = () => PASS;
    return { violations: await settle(site, traffic, context), figures: { outageMs } };
  },
};

/** The stream throttles, forgets iterators, has nothing for a while, and takes half of what it is given. */
export const faultyStream: Scenario = {
  name: 'throttled stream, expired iterators',
  controls: {},
  async run(context) {
    const traffic = context.traffic({ poisonRounds: 1 });
    const site = await context.open(2);
    site.stream.rule = streamFaults(context.random);
    site.startWorker({ instance: 'only' });
    await site.producer.trickle(traffic.deliveries, context.scale.isLong ? 100 : 20, 150);
    return { violations: await settle(site, traffic, context) };
  },
};

/** Bad records of every kind among good ones: each a dead letter, byte by byte, and nobody waits for it. */
export const poison: Scenario = {
  name: 'poison of every kind',
  controls: {},
  async run(context) {
    const rounds = context.scale.isLong ? 20 : 3;
    const traffic = context.traffic({ poisonRounds: rounds });
    const site = await context.open(2);
    site.startWorker({ instance: 'only' });
    await site.producer.trickle(traffic.deliveries, 8, 100);
    return { violations: await settle(site, traffic, context), figures: { poison: site.producer.letters.size } };
  },
};

const SKEW_MS = 20 * 60_000;

/** Clocks of the workers that are wrong either way, and events of senders that are. */
export const skewedClocks: Scenario = {
  name: 'clocks that are 20 min wrong',
  controls: {},
  async run(context) {
    const traffic = context.traffic({ poisonRounds: 1, agoMs: SKEW_MS, aheadMs: SKEW_MS });
    const site = await context.open(1);
    const half = Math.ceil(traffic.deliveries.length / 2);
    const ahead = site.startWorker({ instance: 'ahead', clockSkewMs: SKEW_MS });
    await site.producer.send(traffic.deliveries.slice(0, half));
    await site.drained(context.scale.drainMs);
    const end = await ahead.stop();
    site.startWorker({ instance: 'behind', clockSkewMs: -SKEW_MS });
    await site.producer.trickle(traffic.deliveries.slice(half), 4, 100);
    const violations = await settle(site, traffic, context);
    return { violations: end === 0 ? violations : [`the first worker ended with ${String(end)}`, ...violations] };
  },
};

/** Shards are split and merged while records flow and a worker dies. */
export const resharding: Scenario = {
  name: 'split and merge in flight',
  controls: {},
  async run(context) {
    const rounds = context.scale.isLong ? 6 : 1;
    const traffic = context.traffic({ poisonRounds: 1 });
    const site = await context.open(2);
    const size = Math.ceil(traffic.deliveries.length / (rounds * 4));
    let sent = 0;
    const sendNext = async (): Promise<void> => {
      await site.producer.trickle(traffic.deliveries.slice(sent, sent + size), 4, 60);
      sent += size;
    };
    const other = site.startWorker({ instance: 'other' });
    let worker = site.startWorker({ instance: 'mortal' });
    await Promise.all([other.ready, worker.ready]);
    for (let round = 0; round < rounds; round += 1) {
      await sendNext();
      await site.producer.split();
      await sendNext();
      await worker.kill();
      worker = site.startWorker({ instance: 'mortal' });
      await site.producer.merge();
      await sendNext();
      await site.producer.split();
      await sendNext();
    }
    return { violations: await settle(site, traffic, context), figures: { shards: site.producer.lastSequence.size } };
  },
};

const HAND_OVER_LIMIT_MS = 2000;
const MOST_HAND_OVERS = 5;
const HAND_OVER_CALLS = 60;

/** The longest time between two writes that follow each other, from one instant to another. */
function longestPauseMs(storedMs: readonly number[], fromMs: number, toMs: number): number {
  const pauses = storedMs.flatMap((ms, index) => {
    const before = storedMs[index - 1];
    return before === undefined || ms < fromMs || ms > toMs ? [] : [ms - before];
  });
  return Math.round(Math.max(...pauses));
}

/** A worker ends on SIGTERM while records flow: another one, already there, goes on at once. */
export const handOver: Scenario = {
  name: 'hand-over on SIGTERM',
  controls: {},
  async run(context) {
    // A stream that a worker keeps up with: what is measured is the change of hands, not the backlog.
    const traffic = context.traffic({ calls: HAND_OVER_CALLS });
    const site = await context.open(1);
    let worker = site.startWorker({ instance: 'worker-0' });
    await worker.ready;
    const stored: number[] = [];
    site.store.onAnswer = (call) => {
      if (isWriteOfFacts(call)) stored.push(performance.now());
    };
    const stop = new AbortController();
    const sending = site.producer.keepSending(traffic.deliveries, 10, 60, stop.signal);
    const violations: string[] = [];
    const writeAfter = (sinceMs: number): Promise<number> =>
      until(() => Promise.resolve(stored.find((ms) => ms > sinceMs)), 'the next write', context.scale.drainMs);
    // On a busy machine any one may be late for reasons of its own; what the design allows shows in the best.
    let handOverMs = Number.POSITIVE_INFINITY;
    for (let time = 1; time <= MOST_HAND_OVERS && handOverMs > HAND_OVER_LIMIT_MS; time += 1) {
      const successor = site.startWorker({ instance: `worker-${String(time)}` });
      await successor.ready;
      await writeAfter(performance.now());
      const askedMs = performance.now();
      const end = await worker.stop();
      if (end !== 0) violations.push(`a worker ended with ${String(end)}`);
      const pauseMs = longestPauseMs(stored, askedMs, await writeAfter(performance.now()));
      handOverMs = Math.min(handOverMs, pauseMs);
      worker = successor;
    }
    stop.abort();
    await sending;
    if (handOverMs > HAND_OVER_LIMIT_MS)
      violations.push(`no successor stored anything within ${String(handOverMs)} ms`);
    return { violations: [...violations, ...(await settle(site, traffic, context))], figures: { handOverMs } };
  },
};
