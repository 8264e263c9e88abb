import { setTimeout as delay } from 'node:timers/promises';

import { FAILPOINT_NAMES } from '../../hosts/failpoints.ts';
import { holdNextWrite } from '../doors/rules.ts';
import { MISSING, settle, TOO_MUCH, type Scenario } from '../scenario.ts';
import type { WorkerProcess } from '../worker-process.ts';
import { PASS, type Passage } from '../doors/door.ts';

/** Two workers share the shards and are killed at any moment; each is started again at once. */
export const randomKills: Scenario = {
  name: 'SIGKILL at random, two workers',
  controls: {},
  async run(context) {
    const { scale, random } = context;
    const traffic = context.traffic({ poisonRounds: 1 });
    const site = await context.open(4);
    const start = (slot: number): WorkerProcess => site.startWorker({ instance: `slot-${String(slot)}` });
    const workers = [start(0), start(1)];
    const kills = scale.isLong ? 60 : 6;
    const sending = site.producer.trickle(traffic.deliveries, kills * 8, 100);
    for (let kill = 0; kill < kills; kill += 1) {
      const slot = kill % 2;
      await workers[slot]?.ready;
      await delay(random.between(0, 900));
      await workers[slot]?.kill();
      workers[slot] = start(slot);
    }
    await sending;
    return { violations: await settle(site, traffic, context) };
  },
};

/** The worker dies at each named point, at the first and at later pages; the next one goes on. */
export const failpoints: Scenario = {
  name: 'kill at every named point',
  controls: {},
  async run(context) {
    const traffic = context.traffic({ poisonRounds: 2 });
    const site = await context.open(1);
    const pages = context.scale.isLong ? [1, 2, 3, 5, 8] : [1, 2];
    const deaths = FAILPOINT_NAMES.flatMap((name, index) =>
      context.scale.isLong
        ? pages.map((page) => `${name}:kill:${String(page)}`)
        : [`${name}:kill:${String(pages[index % pages.length])}`],
    );
    const size = Math.ceil(traffic.deliveries.length / (deaths.length * 6));
    let sent = 0;
    const violations: string[] = [];
    for (const failpoint of deaths) {
      const worker = site.startWorker({ instance: 'only', failpoint });
      // Each death needs pages that are not empty; when everything was sent, it is sent again.
      while (worker.isAlive) {
        const from = sent % traffic.deliveries.length;
        const piece = sent < traffic.deliveries.length ? size : 1;
        await site.producer.send(traffic.deliveries.slice(from, from + piece));
        sent += piece;
        await Promise.race([worker.ended, delay(300)]);
      }
      const end = await worker.ended;
      if (end !== 'SIGKILL') violations.push(`${failpoint}: the worker ended with ${String(end)}`);
    }
    if (sent < traffic.deliveries.length) await site.producer.send(traffic.deliveries.slice(sent));
    site.startWorker({ instance: 'only' });
    return { violations: [...violations, ...(await settle(site, traffic, context))] };
  },
};

/** A kill while a write stands before the store, and one when the store has it and nobody knows. */
export const killsAtTheStore: Scenario = {
  name: 'kill before and after a write',
  controls: { 'checkpoint-before-write': MISSING, 'random-ids': TOO_MUCH },
  async run(context) {
    const traffic = context.traffic();
    const site = await context.open(1);
    const fates: Passage[] = [{ kind: 'refuse' }, PASS];
    const rounds = context.scale.isLong ? 12 : 2;
    const size = Math.ceil(traffic.deliveries.length / rounds);
    const start = (): WorkerProcess => site.startWorker({ instance: 'only', failpoint: context.control });
    let worker = start();
    for (let round = 0; round < rounds; round += 1) {
      const { rule, held } = holdNextWrite();
      site.store.rule = rule;
      await site.producer.send(traffic.deliveries.slice(round * size, (round + 1) * size));
      await held.arrived;
      const fate = fates[round % fates.length] ?? PASS;
      const written = Promise.withResolvers<undefined>();
      site.store.onAnswer = ({ operation }) => {
        if (operation === 'WriteRecords') written.resolve(undefined);
      };
      if (fate === PASS) {
        // The write reaches the store, and the worker dies before it can hear of it.
        worker.freeze();
        held.decide(fate);
        await written.promise;
      }
      await worker.kill();
      held.decide(fate);
      worker = start();
    }
    return { violations: await settle(site, traffic, context) };
  },
};
