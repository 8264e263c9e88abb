import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';

import { decodeEvent } from '../core/decode.ts';
import { cutIntoParts } from './parts.ts';
import {
  agentSnapshot,
  agentStateEvent,
  callSnapshot,
  queueSnapshot,
  trunkSnapshot,
  type Envelope,
  type SnapshotScope,
} from './snapshots.ts';

const SCOPE: SnapshotScope = {
  territoryId: 101,
  regionId: 1,
  coreUuid: 'core-1',
  atMs: Date.UTC(2026, 2, 3, 10, 0, 2, 300),
  intervalMs: 10_000,
  partPrefix: '',
};

function assertAccepted(event: Envelope): void {
  const decoded = decodeEvent(event, { territoryId: 101, regionId: 1 });
  assert.ok(!('error' in decoded), JSON.stringify(decoded));
  assert.equal(decoded.events.length, 1);
}

const queue = (name: string, depth = 0) => ({
  queueId: name,
  depth,
  oldestJoinedMs: depth > 0 ? SCOPE.atMs - 5000 : undefined,
});

describe('snapshots', () => {
  it('are events that a worker accepts', () => {
    const agents = [{ agentId: 'a1', teamId: 't1', state: 'available' as const, sinceMs: SCOPE.atMs - 1 }];
    const events = [
      ...queueSnapshot(SCOPE, [queue('q1', 2), queue('q2')], 1).events,
      ...agentSnapshot(SCOPE, agents, 2).events,
      callSnapshot(SCOPE, new Map([['inbound', 3]])),
      trunkSnapshot(SCOPE, [{ trunkId: 'tr1', busy: 1, capacity: 30 }]),
    ];
    for (const event of events) assertAccepted(event);
    assert.deepEqual(
      events.map(({ id }) => id),
      [
        'core-1:QUEUE_SNAPSHOT:101:1772532002300:0',
        'core-1:AGENT_SNAPSHOT:101:1772532002300:0',
        'core-1:AGENT_SNAPSHOT:101:1772532002300:1',
        'core-1:CALL_SNAPSHOT:101:1772532002300:0',
        'core-1:TRUNK_SNAPSHOT:101:1772532002300:0',
      ],
    );
  });

  it('speak of every part, an empty one too', () => {
    const { events } = queueSnapshot(SCOPE, [], 3);
    assert.deepEqual(
      events.map(({ part, queues }) => [part, queues]),
      [
        ['0', []],
        ['1', []],
        ['2', []],
      ],
    );
  });

  it('are cut into more parts when one does not fit an event, and say so', () => {
    const queues = Array.from({ length: 20_000 }, (_, index) => queue(`queue-${String(index)}@uk.example`, 1));
    const { events, parts } = queueSnapshot(SCOPE, queues, 1);
    assert.ok(parts > 1);
    assert.equal(events.length, parts);
    const total = events.reduce((sum, event) => sum + (event['queues'] as unknown[]).length, 0);
    assert.equal(total, queues.length);
    for (const event of events) assert.ok(Buffer.byteLength(JSON.stringify(event)) <= 900_000);
  });

  it('keep a queue in its part whoever else is there', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.string({ minLength: 1 }), { minLength: 1 }),
        fc.integer({ min: 1, max: 8 }),
        (names, count) => {
          const [first] = names;
          assert.ok(first !== undefined);
          const partOf = (among: readonly string[]) =>
            cutIntoParts(among, (name) => name, count, 'p').find(({ items }) => items.includes(first))?.part;
          assert.equal(partOf(names), partOf([first]));
        },
      ),
    );
  });
});

describe('agentStateEvent', () => {
  const transition = {
    agentId: '1000@uk.example',
    state: 'on_contact' as const,
    sinceMs: SCOPE.atMs,
    previous: { state: 'available' as const, sinceMs: SCOPE.atMs - 9000 },
  };
  const scope = { territoryId: 101, regionId: 1, coreUuid: 'core-1', sequence: '17', teamId: '-' };

  it('is accepted, and carries the id of the event that told it', () => {
    const event = agentStateEvent(scope, transition);
    assertAccepted(event);
    assert.equal(event.id, 'core-1:17');
    assert.deepEqual(event['previous'], { state: 'available', since: '2026-03-03T09:59:53.300Z' });
  });

  it('has an id that names no person when a list told it', () => {
    const event = agentStateEvent({ ...scope, sequence: undefined }, transition);
    assertAccepted(event);
    assert.match(event.id, /^core-1:AGENT_STATE:[0-9a-f]{24}$/);
  });
});
