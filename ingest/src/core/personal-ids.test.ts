import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { callcenterEvent, envelope, factsOf, OWN, T0 } from '../testing/events.ts';
import { createPseudonymiser } from './personal-ids.ts';

describe('pseudonyms in facts', () => {
  const address = 'bob.smith@example.com';
  const context = { ...OWN, personalIdSecret: 's' };
  const contactEnd = new Date(T0 + 64_000).toISOString();
  const terminated = callcenterEvent('member-queue-end', 64_400, {
    'CC-Cause': 'Terminated',
    'CC-Agent': address,
    'CC-Agent-Answered-Time': String(T0 / 1000 + 9),
    'CC-Member-Leaving-Time': String(T0 / 1000 + 64),
    'CC-Member-Joined-Time': String(T0 / 1000),
  });

  test('a contact has one id, whether the switch or an envelope speaks of it', () => {
    const acw = envelope('AGENT_ACW', 80_000, {
      contactId: `member-1:${address}:${String(T0 / 1000 + 9)}`,
      contactEnd,
      agentId: address,
      teamId: 't',
      queueId: 'q_sales',
      acwMs: 16_000,
    });
    const [handle] = factsOf(terminated, context);
    const [work] = factsOf(acw, context);
    assert.ok(handle !== undefined && work !== undefined);
    assert.equal(work.eid, handle.eid);
    assert.equal(work.dimensions['agent_id'], handle.dimensions['agent_id']);
    assert.match(handle.dimensions['agent_id'] ?? '', /^a_[0-9a-f]{32}$/);
    assert.ok(!JSON.stringify([handle, work]).includes('bob'));
  });

  test("another territory's key gives another pseudonym", () => {
    const agentIn = (territoryId: number): unknown =>
      factsOf(terminated, { ...context, territoryId })[0]?.dimensions['agent_id'];
    assert.notEqual(agentIn(101), agentIn(102));
  });
});

test('the pseudonym of an id is the one that whoever asks for facts makes of it, and never another', () => {
  // A test of the BFF expects the same: once stored, a pseudonym cannot change.
  assert.equal(createPseudonymiser(101, 's')('bob.smith@example.com'), 'a_ac7d44b97907c54988add235210e496c');
});
