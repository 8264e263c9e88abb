import { setTimeout as delay } from 'node:timers/promises';

import { PASS } from '../doors/door.ts';
import { holdNextWrite, lostAcknowledgements, rewinding } from '../doors/rules.ts';
import { settle, TOO_MUCH, type Scenario } from '../scenario.ts';

/** Readers are sent back to the beginning of the stream, over and over. */
export const rewoundIterators: Scenario = {
  name: 'duplicates and rewound iterators',
  controls: { 'blind-re-salt': TOO_MUCH },
  async run(context) {
    const traffic = context.traffic({ poisonRounds: 1 });
    const site = await context.open(1);
    site.stream.rule = rewinding(context.random, context.scale.isLong ? 30 : 4);
    site.startWorker({ instance: 'only', failpoint: context.control });
    await site.producer.trickle(traffic.deliveries, 12, 150);
    return { violations: await settle(site, traffic, context) };
  },
};

/** The store does what it is told and never says so. */
export const lostAnswers: Scenario = {
  name: 'lost acknowledgements',
  controls: {},
  async run(context) {
    const traffic = context.traffic();
    const site = await context.open(2);
    site.store.rule = lostAcknowledgements(context.random, 0.5);
    site.startWorker({ instance: 'only' });
    await site.producer.trickle(traffic.deliveries, 10, 100);
    return { violations: await settle(site, traffic, context) };
  },
};

/** Checkpoints that fall, of all that were written, in their order. */
function fallsOf(checkpoints: readonly string[]): string[] {
  return checkpoints.flatMap((checkpoint, index) => {
    const before = checkpoints[index - 1];
    return before !== undefined && BigInt(checkpoint) < BigInt(before)
      ? [`the checkpoint fell from ${before} to ${checkpoint}`]
      : [];
  });
}

/**
 * A worker is frozen over a write until another one has its shard, then goes on as if nothing had happened: what it
 * writes to the store is harmless, and the fence keeps it from moving the checkpoint.
 */
export const zombie: Scenario = {
  name: 'two workers on one shard',
  controls: { 'no-fencing': /^the checkpoint fell/ },
  async run(context) {
    const traffic = context.traffic();
    const site = await context.open(1);
    const checkpoints: string[] = [];
    site.leaseTable.onAnswer = ({ operation }, answer) => {
      const { checkpoint } = (answer['Attributes'] ?? {}) as { checkpoint?: { S?: string } };
      if (operation === 'UpdateItem' && checkpoint?.S !== undefined) checkpoints.push(checkpoint.S);
    };
    const third = Math.ceil(traffic.deliveries.length / 3);
    const part = (index: number): Promise<void> =>
      site.producer.send(traffic.deliveries.slice(index * third, (index + 1) * third));
    const first = site.startWorker({ instance: 'first', failpoint: context.control });
    await first.ready;
    const second = site.startWorker({ instance: 'second', failpoint: context.control });
    const { rule, held } = holdNextWrite();
    site.store.rule = rule;
    await part(0);
    await held.arrived;
    first.freeze();
    await second.ready;
    await part(1);
    await site.drained(context.scale.drainMs);
    held.decide(PASS);
    first.thaw();
    await part(2);
    const lost = first.lostLease.then(() => true);
    // Without a fence nobody ever tells the zombie; then its checkpoints speak.
    const isTold = await Promise.race([
      lost,
      delay(context.control === undefined ? context.scale.drainMs : 3000, false),
    ]);
    const told = isTold ? [] : ['the zombie was never told that it had lost its lease'];
    const violations = await settle(site, traffic, context);
    return { violations: [...told, ...fallsOf(checkpoints), ...violations] };
  },
};
