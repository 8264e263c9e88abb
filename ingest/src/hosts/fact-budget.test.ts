import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { decodeEvent } from '../core/decode.ts';
import { extractFacts } from '../core/extract-facts.ts';
import { factCountOf } from '../core/fact-count.ts';
import { envelope, T0 } from '../testing/events.ts';
import { FactBudget } from './fact-budget.ts';

describe('the budget of facts', () => {
  test('lets a burst through, then the rate, and no territory pays for another', () => {
    const budget = new FactBudget(100);
    assert.equal(budget.take(101, 1_200, 0), 0);
    assert.equal(budget.take(101, 1, 0), 1);
    assert.equal(budget.take(202, 1_200, 0), 0);
    assert.equal(budget.take(101, 500, 2_000), 3, 'two seconds gave 200');
    assert.equal(budget.take(101, 500, 5_000), 0);
    budget.giveBack(101, 500);
    assert.equal(budget.take(101, 500, 5_000), 0);
  });

  test('never lets more through than the burst and the rate, however it is asked', () => {
    const asked = fc.array(fc.record({ facts: fc.nat(2_000), afterMs: fc.integer({ min: -5_000, max: 20_000 }) }));
    fc.assert(
      fc.property(asked, (requests) => {
        const budget = new FactBudget(100);
        let nowMs = 0;
        let forwardMs = 0;
        let taken = 0;
        for (const { facts, afterMs } of requests) {
          nowMs += afterMs;
          forwardMs += Math.max(0, afterMs);
          if (budget.take(101, facts, nowMs) === 0) taken += facts;
          assert.ok(taken <= budget.burst + (forwardMs * 100) / 1_000);
        }
      }),
    );
  });
});

describe('the estimate of facts', () => {
  const since = (daysBack: number): string => new Date(T0 - daysBack * 86_400_000).toISOString();
  const state = (daysBack: number, name: string): object => ({
    agentId: 'a',
    teamId: 't',
    state: 'available',
    since: since(0),
    previous: { state: name, since: since(daysBack) },
  });
  const agents = Array.from({ length: 200 }, (_, index) => ({
    agentId: `a${String(index)}`,
    teamId: 't',
    state: 'away',
    since: since(1),
  }));
  const examples = {
    'a state of a month': envelope('AGENT_STATE', 0, state(30, 'away')),
    'a month offline': envelope('AGENT_STATE', 0, state(30, 'offline')),
    'many agents': envelope('AGENT_SNAPSHOT', 0, { part: 'p', intervalMs: 10_000, agents }),
    'a call': envelope('CALL_START', 0, { callId: 'c', direction: 'inbound' }),
  };
  for (const [name, raw] of Object.entries(examples)) {
    test(`is near what ${name} becomes`, () => {
      const decoded = decodeEvent(raw, { territoryId: 101, regionId: 1 });
      assert.ok(!('error' in decoded), JSON.stringify(decoded));
      const [event] = decoded.events;
      assert.ok(event !== undefined);
      const real = extractFacts(event).length;
      const estimate = factCountOf(event);
      assert.ok(2 * estimate >= real && estimate <= 2 * real + 4, `${String(estimate)} for ${String(real)}`);
    });
  }
});
