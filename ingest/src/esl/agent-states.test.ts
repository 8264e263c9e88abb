import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';

import {
  AgentStates,
  effectiveState,
  type AgentRecord,
  type AgentTransition,
  type ListedAgent,
} from './agent-states.ts';

const T = 1_772_532_000_000;

const create = (known = new Map<string, AgentRecord>()): { agents: AgentStates; kept: Map<string, AgentRecord> } => {
  const kept = new Map(known);
  const agents = new AgentStates(known, (id, record) => {
    if (record === undefined) kept.delete(id);
    else kept.set(id, record);
  });
  return { agents, kept };
};

const listed = (fields: Partial<ListedAgent>): ListedAgent => ({
  agentId: 'a1',
  status: 'Available',
  routing: 'Waiting',
  statusChangedMs: undefined,
  bridgeStartedMs: undefined,
  bridgeEndedMs: undefined,
  ...fields,
});

describe('effectiveState', () => {
  it('lets logging out win over a call, and a call over a break', () => {
    assert.equal(effectiveState('Logged Out', 'In a queue call'), 'offline');
    assert.equal(effectiveState('On Break', 'In a queue call'), 'on_contact');
    assert.equal(effectiveState('On Break', 'Waiting'), 'away');
    assert.equal(effectiveState('Available', 'Receiving'), 'available');
    assert.equal(effectiveState('Available (On Demand)', 'Idle'), 'available');
    assert.equal(effectiveState(undefined, 'Waiting'), undefined);
  });
});

describe('AgentStates', () => {
  it('stamps each state once and names the one before', () => {
    const { agents } = create();
    assert.deepEqual(agents.hear('a1', { status: 'Available' }, T), {
      agentId: 'a1',
      state: 'available',
      sinceMs: T,
      previous: null,
    });
    assert.equal(agents.hear('a1', { routing: 'Receiving' }, T + 50), undefined);
    assert.deepEqual(agents.hear('a1', { routing: 'In a queue call' }, T + 100), {
      agentId: 'a1',
      state: 'on_contact',
      sinceMs: T + 100,
      previous: { state: 'available', sinceMs: T },
    });
    assert.equal(agents.hear('a1', { status: 'On Break' }, T + 200), undefined);
    assert.deepEqual(agents.hear('a1', { routing: 'Waiting' }, T + 300)?.state, 'away');
  });

  it('is not moved by an event that is told again', () => {
    const { agents } = create();
    agents.hear('a1', { status: 'On Break' }, T);
    agents.hear('a1', { status: 'Available' }, T + 100);
    assert.equal(agents.hear('a1', { status: 'On Break' }, T), undefined);
    assert.equal(agents.get('a1')?.state, 'available');
  });

  it('makes up, at the first list of a connection, for what nobody heard', () => {
    const { agents } = create();
    agents.hear('a1', { status: 'Available', routing: 'Waiting' }, T + 300);
    const bridgeStartedMs = T + 60_000;
    const bridgeEndedMs = T + 90_000;
    assert.deepEqual(agents.reconcile([listed({ bridgeStartedMs, bridgeEndedMs })], T + 120_000, true), [
      { agentId: 'a1', state: 'on_contact', sinceMs: T + 60_000, previous: { state: 'available', sinceMs: T + 300 } },
      {
        agentId: 'a1',
        state: 'available',
        sinceMs: T + 90_000,
        previous: { state: 'on_contact', sinceMs: T + 60_000 },
      },
    ]);
    assert.deepEqual(agents.reconcile([listed({ bridgeStartedMs, bridgeEndedMs })], T + 130_000, true), []);
  });

  it('derives since from the list when nothing is known, and from its instant when that tells nothing', () => {
    const { agents } = create();
    const transitions = agents.reconcile(
      [
        listed({ statusChangedMs: T - 60_000, bridgeEndedMs: T - 30_000 }),
        listed({ agentId: 'a2', status: 'On Break', statusChangedMs: T - 9000 }),
        listed({ agentId: 'a3', routing: 'In a queue call', bridgeStartedMs: T - 5000 }),
        listed({ agentId: 'a4' }),
      ],
      T,
      true,
    );
    assert.deepEqual(
      transitions.map(({ agentId, state, sinceMs }) => [agentId, state, T - sinceMs]),
      [
        ['a1', 'available', 30_000],
        ['a2', 'away', 9000],
        ['a3', 'on_contact', 5000],
        ['a4', 'available', 0],
      ],
    );
  });

  it('waits for the event when a later list differs, and believes the second such list', () => {
    const { agents } = create();
    agents.reconcile([listed({})], T, true);
    const onBreak = listed({ status: 'On Break', statusChangedMs: T + 9000 });
    assert.deepEqual(agents.reconcile([onBreak], T + 10_000, false), []);
    assert.equal(agents.hear('a1', { status: 'On Break' }, T + 9_700)?.sinceMs, T + 9_700);

    const back = listed({ statusChangedMs: T + 15_000 });
    assert.deepEqual(agents.reconcile([back], T + 20_000, false), []);
    assert.equal(agents.reconcile([back], T + 30_000, false)[0]?.sinceMs, T + 15_000);
  });

  it('lets an event that is newer than the list stand', () => {
    const { agents } = create();
    agents.reconcile([listed({})], T, true);
    agents.hear('a1', { routing: 'In a queue call' }, T + 10_001);
    assert.deepEqual(agents.reconcile([listed({})], T + 10_000, true), []);
    assert.equal(agents.get('a1')?.state, 'on_contact');
  });

  it('logs an agent out who is no longer listed', () => {
    const { agents, kept } = create();
    agents.reconcile([listed({}), listed({ agentId: 'a2' })], T, true);
    assert.deepEqual(agents.reconcile([listed({})], T + 10_000, false), []);
    const [gone] = agents.reconcile([listed({})], T + 20_000, false);
    assert.equal(gone?.agentId, 'a2');
    assert.equal(gone.state, 'offline');
    assert.deepEqual([...kept.keys()], ['a1']);
  });

  it('goes on after a restart as if there had been none', () => {
    const before = create();
    before.agents.reconcile([listed({ statusChangedMs: T - 100_000 })], T, true);
    before.agents.hear('a1', { routing: 'In a queue call' }, T + 500);
    const after = create(before.kept);
    assert.deepEqual(
      after.agents.reconcile([listed({ routing: 'In a queue call', bridgeStartedMs: T })], T + 10_000, true),
      [],
    );
    assert.deepEqual(after.agents.hear('a1', { routing: 'Waiting' }, T + 20_000)?.previous, {
      state: 'on_contact',
      sinceMs: T + 500,
    });
  });

  it('makes intervals that join without gap or overlap, whatever comes in whatever order', () => {
    const status = fc.constantFrom('Available', 'On Break', 'Logged Out', 'Available (On Demand)');
    const routing = fc.constantFrom('Waiting', 'Receiving', 'In a queue call', 'Idle');
    const offsetMs = fc.integer({ min: 0, max: 100_000 });
    const optionalMs = fc.option(
      offsetMs.map((ms) => T + Math.floor(ms / 1000) * 1000),
      { nil: undefined },
    );
    const step = fc.oneof(
      fc.record({ kind: fc.constant('status' as const), value: status, offsetMs }),
      fc.record({ kind: fc.constant('routing' as const), value: routing, offsetMs }),
      fc.record({
        kind: fc.constant('list' as const),
        offsetMs,
        isFirst: fc.boolean(),
        row: fc.record({
          status,
          routing,
          statusChangedMs: optionalMs,
          bridgeStartedMs: optionalMs,
          bridgeEndedMs: optionalMs,
        }),
      }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const { agents } = create();
        let last: AgentTransition | undefined;
        for (const one of steps) {
          const atMs = T + one.offsetMs;
          const made =
            one.kind === 'list'
              ? agents.reconcile([listed(one.row)], atMs, one.isFirst)
              : [agents.hear('a1', { [one.kind]: one.value }, atMs)].filter((each) => each !== undefined);
          for (const transition of made) {
            const expected = last === undefined ? null : { state: last.state, sinceMs: last.sinceMs };
            assert.deepEqual(transition.previous, expected);
            assert.notEqual(transition.state, last?.state);
            assert.ok(transition.sinceMs >= (last?.sinceMs ?? 0));
            last = transition;
          }
        }
      }),
      { numRuns: 500 },
    );
  });
});
