import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { MAX_GAP_MS, initialState, reduceAlert } from './reduce-alert.ts';
import type { AlertState, DecidingRule, Observation, Transition } from './reduce-alert.ts';

const RULE: DecidingRule = { version: 1, op: 'lt', threshold: 80, forS: 60, noData: 'keep' };
const START_MS = 1_750_000_000_000;

const low: Observation = { kind: 'value', value: 50, hasVolume: true };
const high: Observation = { kind: 'value', value: 90, hasVolume: true };
const few: Observation = { kind: 'value', value: 0, hasVolume: false };
const none: Observation = { kind: 'no_data' };
const unknown: Observation = { kind: 'unknown' };
const closed: Observation = { kind: 'off', reason: 'hours' };

interface Step {
  readonly afterS: number;
  readonly seen: Observation;
  readonly rule?: DecidingRule;
}

interface Run {
  readonly state: AlertState;
  readonly told: readonly Transition[];
  readonly states: readonly { readonly atMs: number; readonly step: Step; readonly state: AlertState }[];
}

/** Turns the clock by hand: each step so many seconds after the one before. */
function run(steps: readonly Step[], rule = RULE): Run {
  let nowMs = START_MS;
  let state = initialState(rule.version, nowMs);
  const told: Transition[] = [];
  const states: Run['states'][number][] = [];
  for (const step of steps) {
    nowMs += step.afterS * 1_000;
    const reduced = reduceAlert(state, step.seen, nowMs, step.rule ?? rule);
    state = reduced.state;
    told.push(...reduced.transitions);
    states.push({ atMs: nowMs, step, state });
  }
  return { state, told, states };
}

const every5s = (seen: Observation, count: number): Step[] =>
  Array.from({ length: count }, () => ({ afterS: 5, seen }));
const kinds = ({ told }: Run): string[] => told.map(({ kind, reason }) => `${kind} ${reason}`);

describe('reduceAlert', () => {
  it('fires once the threshold has been crossed for long enough, and resolves once', () => {
    const waiting = run(every5s(low, 12));
    assert.equal(waiting.state.phase, 'pending');
    assert.deepEqual(waiting.told, []);
    const whole = run([...every5s(low, 40), ...every5s(high, 5)]);
    assert.deepEqual(kinds(whole), ['firing value', 'resolved value']);
    assert.deepEqual(
      whole.told.map(({ number, value }) => [number, value]),
      [
        [1, 50],
        [2, 90],
      ],
    );
  });

  it('begins the wait anew after one evaluation on the right side', () => {
    const steps = [...every5s(low, 12), ...every5s(high, 1), ...every5s(low, 12)];
    assert.deepEqual(kinds(run(steps)), []);
    assert.deepEqual(kinds(run([...steps, ...every5s(low, 1)])), ['firing value']);
  });

  it('fires at once without a wait', () => {
    assert.deepEqual(kinds(run(every5s(low, 1), { ...RULE, forS: 0 })), ['firing value']);
  });

  it('compares strictly or not, as the rule says', () => {
    for (const [op, isFiring] of [
      ['lt', false],
      ['lte', true],
      ['gt', false],
      ['gte', true],
    ] as const) {
      const seen: Observation = { kind: 'value', value: 80, hasVolume: true };
      assert.equal(run([{ afterS: 1, seen }], { ...RULE, op, forS: 0 }).state.phase === 'alerting', isFiring, op);
    }
  });

  it('decides nothing below the smallest volume: quiet stays quiet, and what fires goes on', () => {
    assert.deepEqual(kinds(run(every5s(few, 100))), []);
    assert.equal(run(every5s(few, 100)).state.phase, 'normal');
    const firing = run([...every5s(low, 20), ...every5s(few, 1_000)]);
    assert.equal(firing.state.phase, 'alerting');
    assert.deepEqual(kinds(firing), ['firing value']);
  });

  it('does not count a time that nobody looked at as crossed', () => {
    const gap = [...every5s(low, 5), { afterS: MAX_GAP_MS / 1_000 + 1, seen: low }];
    assert.equal(run(gap).state.phase, 'pending');
    assert.deepEqual(kinds(run([...gap, ...every5s(low, 11)])), []);
    // A change of hands is shorter, and loses nothing.
    assert.deepEqual(kinds(run([...every5s(low, 5), { afterS: 12, seen: low }, ...every5s(low, 6)])), ['firing value']);
  });

  it('resolves what fires when its hours end, and begins anew at the next', () => {
    const day = run([...every5s(low, 20), ...every5s(closed, 50), ...every5s(low, 12)]);
    assert.deepEqual(kinds(day), ['firing value', 'resolved hours']);
    assert.equal(day.state.phase, 'pending');
  });

  it('takes absent data as the rule says', () => {
    const silent = [...every5s(low, 20), ...every5s(none, 20)];
    assert.deepEqual(kinds(run(silent)), ['firing value']);
    assert.equal(run(every5s(none, 20)).state.phase, 'no_data');
    assert.equal(run([...every5s(none, 2), ...every5s(high, 1)]).state.phase, 'normal');
    assert.deepEqual(kinds(run(silent, { ...RULE, noData: 'ok' })), ['firing value', 'resolved no_data']);
    assert.deepEqual(kinds(run(every5s(none, 20), { ...RULE, noData: 'alert' })), ['firing no_data']);
  });

  it('stays where it is when it could not be evaluated', () => {
    assert.deepEqual(kinds(run([...every5s(low, 20), ...every5s(unknown, 100)])), ['firing value']);
  });

  it('ends what the rule had begun when the rule is changed', () => {
    const changed = { ...RULE, version: 2, threshold: 10 };
    const steps = [...every5s(low, 20), { afterS: 5, seen: low, rule: changed }];
    const result = run(steps);
    assert.deepEqual(kinds(result), ['firing value', 'resolved changed']);
    assert.equal(result.state.ruleVersion, 2);
  });
});

const observation = fc.oneof(
  { weight: 5, arbitrary: fc.constant(low) },
  { weight: 3, arbitrary: fc.constant(high) },
  fc.constantFrom(few, none, unknown, closed),
);
const rules = fc.record({
  version: fc.constantFrom(1, 2),
  op: fc.constant('lt' as const),
  threshold: fc.constantFrom(80, 95),
  forS: fc.constantFrom(0, 10, 60, 300),
  noData: fc.constantFrom('keep' as const, 'alert' as const, 'ok' as const),
});
const step = fc.record({ afterS: fc.integer({ min: 1, max: 90 }), seen: observation });

describe('reduceAlert, whatever happens', () => {
  it('never tells firing twice without resolved in between, and numbers without a gap', () => {
    const changing = fc.record({ afterS: fc.integer({ min: -5, max: 90 }), seen: observation, rule: rules });
    fc.assert(
      fc.property(fc.array(changing, { maxLength: 80 }), (steps) => {
        const { told, state } = run(steps);
        for (const [index, { kind, number }] of told.entries()) {
          assert.equal(kind, index % 2 === 0 ? 'firing' : 'resolved');
          assert.equal(number, index + 1);
        }
        assert.equal(state.number, told.length);
        assert.equal(state.phase === 'alerting', told.at(-1)?.kind === 'firing');
      }),
      { numRuns: 2_000 },
    );
  });

  it('fires only at an evaluation that found the threshold crossed, after crossed ones without a break for as long as asked', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), rules, (steps, rule) => {
        const { told, states } = run(steps, rule);
        for (const { atMs } of told.filter(({ kind }) => kind === 'firing')) {
          const index = states.findIndex((one) => one.atMs === atMs);
          const isCrossing = ({ seen }: Step): boolean =>
            seen.kind === 'value'
              ? seen.hasVolume && seen.value < rule.threshold
              : seen.kind === 'no_data' && rule.noData === 'alert';
          const before = states.slice(0, index + 1).toReversed();
          assert.ok(before[0] !== undefined && isCrossing(before[0].step));
          const broken = before.findIndex(
            ({ step: { seen } }) =>
              seen.kind === 'off' ||
              (seen.kind === 'value' && seen.hasVolume && seen.value >= rule.threshold) ||
              (seen.kind === 'no_data' && rule.noData === 'ok'),
          );
          const unbroken = before.slice(0, broken === -1 ? undefined : broken).filter((one) => isCrossing(one.step));
          assert.ok(atMs - (unbroken.at(-1)?.atMs ?? atMs) >= rule.forS * 1_000);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('tells nothing while there is too little to judge, or outside the hours', () => {
    const quietStep = fc.record({
      afterS: fc.integer({ min: 1, max: 90 }),
      seen: fc.constantFrom(few, closed, unknown),
    });
    fc.assert(
      fc.property(fc.array(quietStep), rules, (steps, rule) => {
        assert.deepEqual(run(steps, rule).told, []);
      }),
    );
  });
});
