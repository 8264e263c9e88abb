import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { CallLegs } from './call-legs.ts';

const row = (fields: Record<string, string>) =>
  new Map(Object.entries({ uuid: 'u1', direction: 'inbound', ...fields }));

describe('CallLegs', () => {
  it('takes a leg that is its own call for one', () => {
    const legs = new CallLegs();
    assert.equal(legs.directionOf(row({ call_uuid: 'u1' })), 'inbound');
    assert.equal(legs.directionOf(row({ call_uuid: '', direction: 'outbound' })), 'outbound');
    assert.equal(legs.directionOf(row({ call_uuid: 'u0' })), undefined);
    assert.equal(legs.directionOf(row({ call_uuid: 'u1', direction: '' })), undefined);
  });

  it('knows legs to agents and dialled legs from their events, until they are over', () => {
    const legs = new CallLegs();
    legs.see({ 'Unique-ID': 'u1', variable_cc_side: 'agent' });
    legs.see({ 'Unique-ID': 'u2', variable_originator: 'u9' });
    legs.see({ 'Unique-ID': 'u3', variable_originator: 'u3' });
    legs.see({ 'CC-Agent-UUID': 'u4' });
    const calls = ['u1', 'u2', 'u3', 'u4'].filter(
      (uuid) => legs.directionOf(row({ uuid, call_uuid: uuid })) !== undefined,
    );
    assert.deepEqual(calls, ['u3']);
    legs.forget('u1');
    assert.equal(legs.directionOf(row({ call_uuid: 'u1' })), 'inbound');
  });
});
