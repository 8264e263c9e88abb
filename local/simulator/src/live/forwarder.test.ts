import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createSwitch, type Switch } from '@lumina/switch';
import { createSimulation } from '../simulation.ts';
import type { TruthLine } from '../truth/truth-line.ts';
import type { Delivery } from '../world/wire.ts';
import { SwitchFeed } from './switch-feed.ts';

const START_MS = Date.parse('2026-03-10T14:00:00Z');
const END_MS = START_MS + 20 * 60_000;
const ASK_EVERY_MS = 9_871;
const WAITING = new Set(['Waiting', 'Trying']);

describe('a simulation behind a forwarder', () => {
  const simulation = createSimulation({
    startMs: START_MS,
    endMs: END_MS,
    territories: [101],
    hasForwarder: true,
    disturbance: { duplicates: 0.05, late: 0.1, maxLateMs: 120_000 },
  });
  const deliveries: Delivery[] = [];
  const beats: number[] = [];
  const asked: { atMs: number; depths: Map<string, number>; busy: number }[] = [];
  let truth: TruthLine[] = [];
  before(() => {
    let nowMs = START_MS;
    const state = simulation.switchState(101, () => {
      deliveries.push(...simulation.advance(nowMs + 1));
      return nowMs;
    });
    for (nowMs = START_MS + 1_234; nowMs < END_MS; nowMs += ASK_EVERY_MS) {
      const depths = new Map<string, number>();
      for (const { queue, state: phase } of state.members(undefined)) {
        if (WAITING.has(phase)) depths.set(queue, (depths.get(queue) ?? 0) + 1);
      }
      const trunks = state.channels().filter(({ name }) => name.startsWith('sofia/gateway/tr_lon_1/'));
      asked.push({ atMs: nowMs, depths, busy: trunks.length });
      beats.push(nowMs);
    }
    deliveries.push(...simulation.advance(Infinity));
    truth = simulation.truth({ queues: beats, calls: beats, trunks: beats });
  });

  it('shows in its lists who is in a queue, whoever has just left it', () => {
    const now = truth.filter(
      ({ metric, stat, group }) => metric === 'queue_depth' && stat === 'now' && 'queue_id' in group,
    );
    let compared = 0;
    for (const { minute, group, num } of now) {
      const last = asked.findLast(({ atMs }) => atMs >= minute && atMs < minute + 60_000);
      assert.equal(last?.depths.get(group['queue_id'] ?? '') ?? 0, num);
      compared += num;
    }
    assert.ok(compared > 20, `only ${String(compared)} callers were compared`);
  });

  it('counts the use of trunks at the instants of the asking', () => {
    const use = truth.filter(({ metric, group }) => metric === 'trunk_utilization' && group['trunk_id'] === 'tr_lon_1');
    assert.ok(use.length > 15);
    for (const { minute, num } of use) {
      const busy = asked.filter(({ atMs }) => atMs >= minute && atMs < minute + 60_000).map((one) => one.busy);
      assert.equal(num, busy.reduce((sum, one) => sum + one, 0) * 10_000);
    }
  });

  it('sends no snapshot that a forwarder takes, and does not say what a returning caller undoes', () => {
    const types = new Set(deliveries.map(({ body }) => body['type']));
    assert.ok(types.has('AGENT_SNAPSHOT'));
    for (const type of ['QUEUE_SNAPSHOT', 'CALL_SNAPSHOT', 'TRUNK_SNAPSHOT']) assert.ok(!types.has(type), type);
    const resumes = deliveries.filter(({ body }) => body['CC-Action'] === 'member-queue-resume');
    assert.ok(resumes.length > 0);
    for (const { body } of resumes) assert.ok(!('Lumina-Undoes-Stay' in body));
  });

  it('keeps the events of queues and agents’ legs in order, and only those', () => {
    const eventMs = ({ body }: Delivery): number => Number(body['Event-Date-Timestamp']) / 1000;
    const isLate = (delivery: Delivery): boolean => delivery.atMs > eventMs(delivery);
    const seen = new Set<unknown>();
    const first = deliveries.filter(({ body }) => {
      const isFirst = 'Event-Name' in body && !seen.has(body);
      seen.add(body);
      return isFirst;
    });
    assert.deepEqual(
      first.filter(({ body }) => 'CC-Action' in body || body['variable_cc_side'] === 'agent').filter(isLate),
      [],
    );
    assert.ok(first.filter(isLate).length > 50);
  });

  it('refuses a trunk snapshot of an instant at which nobody asked', () => {
    assert.throws(
      () => simulation.truth({ queues: beats, calls: beats, trunks: [START_MS + 5] }),
      /truth_beat_unknown/,
    );
  });
});

describe('SwitchFeed', () => {
  let target: Switch;
  before(async () => {
    target = await createSwitch({ heartbeatMs: 0 });
  });
  after(() => target.close());

  it('fires raw events with the switch’s own identity, and the same event again when it comes twice', () => {
    const feed = new SwitchFeed(target);
    const fired: string[] = [];
    const original = target.fire.bind(target);
    target.fire = (event) => {
      const sent = original(event);
      fired.push(`${sent.name}:${String(sent.sequence)}:${new Map(sent.headers).get('Core-UUID') ?? ''}`);
      return sent;
    };
    const simulation = createSimulation({ startMs: START_MS, endMs: START_MS + 60_000, territories: [101] });
    const raw = [...simulation].filter(({ body }) => 'Event-Name' in body);
    for (const delivery of raw) assert.ok(feed.deliver(delivery));
    const count = fired.length;
    const [first] = raw;
    assert.ok(first !== undefined && feed.deliver({ ...first, atMs: first.atMs + 5 }));
    assert.equal(fired.length, count);
    assert.equal(fired[0], `${String(first.body['Event-Name'])}:1:${target.coreUuid}`);
    assert.ok(!feed.deliver({ ...first, body: { type: 'API_SAMPLE' } }));
  });
});
