import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { Territories } from './territories.ts';

const DOMAINS = new Map([
  ['uk.example', 101],
  ['us.example', 202],
]);

describe('Territories', () => {
  it('knows queues and agents by their domain', () => {
    const own = new Territories({ fallback: 101, domains: DOMAINS });
    assert.equal(own.ofName('q1@US.example'), 202);
    assert.equal(own.ofName('q1@nowhere.example'), 101);
    assert.equal(own.ofName('q1'), 101);
    assert.equal(new Territories({ fallback: undefined, domains: DOMAINS }).ofName('q1'), undefined);
    assert.deepEqual(own.all, [101, 202]);
  });

  it('follows what a leg says of itself, for all its later events, until it is over', () => {
    const own = new Territories({ fallback: 101, domains: DOMAINS });
    const leg = { 'Unique-ID': 'u1', 'Channel-Call-UUID': 'u1' };
    assert.equal(own.ofEvent(leg), 101);
    assert.equal(own.ofEvent({ ...leg, variable_territory_id: '202' }), 202);
    assert.equal(own.ofEvent(leg), 202);
    assert.equal(own.ofChannel('u2', 'u1', []), 202);
    own.forgetChannel('u1');
    assert.equal(own.ofEvent(leg), 101);
    assert.equal(own.ofEvent({ ...leg, 'CC-Queue': 'q1@us.example' }), 202);
    assert.equal(own.ofChannel('u3', 'u3', ['', '1000@us.example']), 202);
  });

  it('lets a channel name no territory that this switch does not serve', () => {
    const own = new Territories({ fallback: 101, domains: DOMAINS });
    for (const territory of ['303', '0', '-1', 'x', '1e2']) {
      assert.equal(own.ofEvent({ 'Unique-ID': 'u1', variable_territory_id: territory }), undefined, territory);
    }
  });
});
