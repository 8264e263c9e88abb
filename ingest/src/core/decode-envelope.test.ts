import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  EVENT_TYPES,
  factDefinition,
  mayLookPersonal,
  replacePersonal,
  type EventType,
  type FactId,
} from '@lumina/contracts';

import { at, envelope, OWN, T0 } from '../testing/events.ts';
import { referenceDecode } from '../testing/reference-decode.ts';
import { decodeDelivery } from './decode-delivery.ts';
import { decodeEvent } from './decode.ts';
import { extractFacts } from './extract-facts.ts';
import { createPseudonymiser } from './personal-ids.ts';

const visit = { visitId: 'v', stayId: 'v:c', queueId: 'q_sales', callId: 'c' };
const contact = { contactId: 'k', agentId: 'ag_1', teamId: 't', queueId: 'q_sales' };
const sampled = { part: '0', intervalMs: 10_000 };
const undoes = { stayId: 'v:c', time: at(-5000), joinedAt: at(-60_000), callId: 'c' };
const mark = { callId: 'c', queueId: 'q_sales' };

/** Fields of a valid event of each type. */
const FIELDS: Readonly<Record<EventType, object>> = {
  CALL_START: { callId: 'c', direction: 'inbound' },
  CALL_ANSWER: { callId: 'c' },
  CALL_END: {
    ...{ callId: 'c', direction: 'inbound', startedAt: at(-9000), answeredAt: at(-5000), queueId: 'q_sales' },
    ...{ agentId: 'ag_1', holdMs: 0, transfers: 0, outcome: 'answered' },
  },
  TRANSFER: mark,
  HOLD: mark,
  UNHOLD: mark,
  DTMF: mark,
  ROUTING_DECISION: mark,
  QUEUE_JOIN: visit,
  QUEUE_LEAVE: { ...visit, joinedAt: at(-9000), outcome: 'answered', agentId: 'ag_1' },
  QUEUE_UNANSWER: { stayId: 'v:c', queueId: 'q_sales', joinedAt: at(-9000), answeredAt: at(-1000) },
  QUEUE_RESUME: { visitId: 'v', queueId: 'q_sales', callId: 'd', undoes },
  AGENT_STATE: {
    ...{ agentId: 'ag_1', teamId: 't', state: 'acw', since: at(0) },
    previous: { state: 'on_contact', since: at(-60_000) },
  },
  AGENT_HANDLE: { ...contact, startedAt: at(-60_000), talkMs: 50_000, holdMs: 10_000 },
  AGENT_ACW: { ...contact, contactEnd: at(-10_000), acwMs: 10_000 },
  QUEUE_SNAPSHOT: {
    ...sampled,
    queues: [
      { queueId: 'q_1', depth: 2, oldestJoinedAt: at(-9000) },
      { queueId: 'q_2', depth: 0 },
    ],
  },
  AGENT_SNAPSHOT: {
    ...sampled,
    agents: [
      { agentId: 'ag_1', teamId: 't', state: 'away', since: at(-9000) },
      { agentId: 'ag_2', teamId: 't', state: 'offline', since: at(-9000) },
    ],
  },
  CALL_SNAPSHOT: { ...sampled, directions: [{ direction: 'inbound', inProgress: 3 }] },
  TRUNK_SNAPSHOT: { ...sampled, trunks: [{ trunkId: 'tr_1', busy: 3, capacity: 30 }] },
  IVR_INTERACTION: { flow: 'main', startedAt: at(-9000), outcome: 'queued' },
  CONFIG_CHANGE: { entity: 'queue', externalId: 'q_1', change: { name: 'Sales' } },
  USER_ACTION: { action: 'report_export' },
  API_SAMPLE: {
    ...{ service: 'voice', route: 'POST /calls', n: 3, errors: 1, latSumMs: 90, latMaxMs: 40 },
    buckets: Array.from({ length: 48 }, (_, index) => (index === 7 ? 3 : 0)),
  },
  CAI_CONVERSATION: {
    startedAt: at(-9000),
    flow: 'front',
    turns: 3,
    contained: true,
    escalated: false,
    intent: 'hours',
  },
};

function validEvent(type: EventType): Record<string, unknown> {
  return { ...envelope(type, 0, FIELDS[type]), source: EVENT_TYPES[type][0] };
}

const instants = [
  '2026-02-30T00:00:00Z',
  '2026-03-03T11:00:00.5+01:00',
  '1969-12-31T23:59:59Z',
  '2026-03-03 10:00:00Z',
];
const personal = [
  'bob@example.com',
  '+44 7700 900123',
  'sip:bob@example.com',
  'm:07700900123:1772532000',
  '1772531938',
];
const texts = [
  '',
  '*',
  '-',
  'x'.repeat(200),
  'x'.repeat(201),
  'é',
  'a\u0000b',
  'a\u007fb',
  '\ud800',
  '\u2028',
  '😀'.repeat(150),
];
const anything = fc.oneof(
  fc.constantFrom<unknown>(...instants, ...personal, ...texts),
  fc.constantFrom<unknown>(null, true, false, 0, -1, 1.5, 1e10, 101, '101', '0101', 202, {}, [], [1], { a: { b: 1 } }),
  fc.constantFrom<unknown>(
    'answered',
    'abandoned',
    'available',
    'offline',
    'outbound',
    'platform',
    'CALL_START',
    at(-1),
    at(1),
  ),
);

interface Mutation {
  readonly field: number;
  readonly inner: number;
  readonly isInner: boolean;
  readonly value: unknown;
}
const DELETED = Symbol('deleted');
const mutation: fc.Arbitrary<Mutation> = fc.record({
  field: fc.nat(40),
  inner: fc.nat(10),
  isInner: fc.boolean(),
  value: fc.oneof({ arbitrary: anything, weight: 5 }, { arbitrary: fc.constant<unknown>(DELETED), weight: 1 }),
});

/** Fields that no event of the type has are ignored: the reference, which knows no types, is not asked about them. */
const OPTIONAL = ['rev', 'void', 'queueId', 'agentId', 'answeredAt', 'flow'] as const;

function mutate(
  target: Record<string, unknown>,
  { field, inner, isInner, value }: Mutation,
  extra: readonly string[],
): void {
  const names = [...Object.keys(target), ...extra];
  const name = names[field % names.length] ?? 'id';
  const content: unknown = Array.isArray(target[name]) ? (target[name] as unknown[])[0] : target[name];
  if (isInner && typeof content === 'object' && content !== null && name !== 'change') {
    mutate(content as Record<string, unknown>, { field: inner, inner: 0, isInner: false, value }, []);
  } else if (value === DELETED) Reflect.deleteProperty(target, name);
  else target[name] = structuredClone(value);
}

describe('an envelope', () => {
  const pseudonymise = createPseudonymiser(OWN.territoryId, 's');
  const replace = (part: string): string => pseudonymise(part);

  test('of every type, changed at random, is decoded as the plain reference decodes it', () => {
    let accepted = 0;
    const type = fc.constantFrom(...(Object.keys(FIELDS) as EventType[]));
    fc.assert(
      fc.property(type, fc.array(mutation, { maxLength: 2 }), fc.boolean(), (name, mutations, isPlainText) => {
        const raw = structuredClone(validEvent(name));
        const known = OPTIONAL.filter((field) => field === 'rev' || field === 'void' || field in FIELDS[name]);
        for (const one of mutations) mutate(raw, one, known);
        const text = JSON.stringify(raw);
        const canBePlain = /^[ -[\]-~]*$/.test(text);
        const decoded = decodeEvent(JSON.parse(text), {
          ...OWN,
          personalIdSecret: 's',
          isPlainText: isPlainText && canBePlain,
        });
        const expected = referenceDecode(JSON.parse(text) as Record<string, unknown>, OWN, replace);
        assert.deepEqual('events' in decoded ? decoded.events[0] : undefined, expected, JSON.stringify([raw, decoded]));
        if (expected !== undefined) accepted += 1;
      }),
      { numRuns: 12_000 },
    );
    assert.ok(accepted > 2000, 'too few of the events were good ones to say much');
  });

  test('is left as it came, unless something in it is replaced', () => {
    for (const type of Object.keys(FIELDS) as EventType[]) {
      const raw = validEvent(type);
      const before = structuredClone(raw);
      const withPerson = { ...raw, id: 'bob@example.com' };
      assert.ok('events' in decodeEvent(raw, OWN) && 'events' in decodeEvent(withPerson, OWN), type);
      assert.deepEqual([raw, withPerson.id], [before, 'bob@example.com']);
    }
  });

  test('gives facts with exactly the dimensions of their definition, in its order, and no other measures', () => {
    for (const type of Object.keys(FIELDS) as EventType[]) {
      const decoded = decodeEvent(validEvent(type), OWN);
      assert.ok('events' in decoded);
      for (const fact of decoded.events.flatMap(extractFacts)) {
        const definition = factDefinition(`${fact.table}.${fact.name}` as FactId);
        assert.deepEqual(Object.keys(fact.dimensions), definition.dimensions);
        assert.deepEqual(
          Object.keys(fact.measures).filter((name) => !(name in definition.measures)),
          [],
        );
        assert.equal(fact.measures['eid'], fact.eid);
        assert.equal(fact.eid !== undefined, definition.keying === 'hashed');
      }
    }
  });

  test('may carry what it likes beside its fields, but not without end', () => {
    const nested = (depth: number): unknown => (depth === 0 ? 1 : { a: nested(depth - 1) });
    assert.ok('events' in decodeEvent({ ...validEvent('USER_ACTION'), more: nested(20), id2: 'a\u0000' }, OWN));
    for (const raw of [
      { ...validEvent('USER_ACTION'), more: nested(40) },
      { ...validEvent('CONFIG_CHANGE'), change: nested(40) },
      { ...validEvent('TRUNK_SNAPSHOT'), trunks: [{ trunkId: 't', busy: 1, capacity: 1, more: nested(40) }] },
    ]) {
      const decoded = decodeEvent(raw, OWN);
      assert.ok('error' in decoded && decoded.error.code === 'invalid_event');
    }
  });

  test('is refused where its fields do not go together, and no sooner', () => {
    const outcomeOf = (type: EventType, fields: object): string => {
      const decoded = decodeEvent({ ...validEvent(type), ...fields }, OWN);
      return 'error' in decoded ? (decoded.error.detail.split(':')[0] ?? '') : 'accepted';
    };
    const heldFor = (ms: number): object => ({ previous: { state: 'away', since: at(-ms) } });
    const month = 31 * 86_400_000;
    assert.deepEqual(
      [month, month + 1, 0, -1].map((ms) => outcomeOf('AGENT_STATE', heldFor(ms))),
      ['accepted', '/previous/since', 'accepted', '/previous/since'],
    );
    assert.deepEqual(
      [0, 1].map((ms) => outcomeOf('CALL_END', { startedAt: at(ms) })),
      ['accepted', '/startedAt'],
    );
    assert.deepEqual(
      [3, 4].map((errors) => outcomeOf('API_SAMPLE', { errors })),
      ['accepted', '/errors'],
    );
    assert.deepEqual(
      [{ void: true }, { void: true, rev: 1 }, { void: true, rev: 2 }, { rev: 2 }, { void: false }].map((fields) =>
        outcomeOf('CALL_END', fields),
      ),
      ['/rev', '/rev', 'accepted', 'accepted', 'accepted'],
    );
    const [agent, trunk] = [
      { agentId: 'ag_1', teamId: 't', state: 'away', since: at(-9000) },
      { trunkId: 'tr_1', busy: 1, capacity: 2 },
    ];
    assert.deepEqual(
      [
        outcomeOf('QUEUE_SNAPSHOT', { queues: ['q', 'r', 'q'].map((queueId) => ({ queueId, depth: 1 })) }),
        outcomeOf('AGENT_SNAPSHOT', { agents: [agent, { ...agent, teamId: 'u' }] }),
        outcomeOf('CALL_SNAPSHOT', { directions: Array(2).fill({ direction: 'inbound', inProgress: 1 }) }),
        outcomeOf('TRUNK_SNAPSHOT', { trunks: [trunk, trunk] }),
      ],
      ['/queues/2/queueId', '/agents/1/agentId', '/directions/1/direction', '/trunks/1/trunkId'],
      'a thing is listed twice',
    );
    const series = [
      outcomeOf('QUEUE_SNAPSHOT', { queues: [{ queueId: '*', depth: 1 }] }),
      outcomeOf('TRUNK_SNAPSHOT', { trunks: [{ trunkId: '*', busy: 1, capacity: 2 }] }),
      outcomeOf('AGENT_STATE', { teamId: '*' }),
      outcomeOf('AGENT_STATE', { agentId: '*' }),
    ];
    assert.deepEqual(series, ['/queues/0/queueId', '/trunks/0/trunkId', '/teamId', 'accepted']);
  });

  test('from the future is refused whichever of its instants lies there', () => {
    const future = at(16 * 60_000);
    for (const [raw, path] of [
      [{ ...validEvent('USER_ACTION'), time: future }, '/time'],
      [{ ...validEvent('AGENT_STATE'), since: future }, '/since'],
      [{ ...validEvent('AGENT_ACW'), contactEnd: future }, '/contactEnd'],
      [{ ...validEvent('CALL_END'), answeredAt: future }, '/answeredAt'],
      [{ ...validEvent('QUEUE_UNANSWER'), answeredAt: future }, '/answeredAt'],
      [{ ...validEvent('QUEUE_RESUME'), undoes: { ...undoes, time: future } }, '/undoes/time'],
      [
        { ...validEvent('QUEUE_SNAPSHOT'), queues: [{ queueId: 'q', depth: 1, oldestJoinedAt: future }] },
        '/queues/0/oldestJoinedAt',
      ],
    ] as const) {
      const decoded = decodeEvent(raw, { ...OWN, nowMs: T0 });
      assert.ok('error' in decoded, path);
      assert.deepEqual([decoded.error.code, decoded.error.detail.split(':')[0]], ['future_skew', path]);
      assert.ok('events' in decodeEvent(raw, { ...OWN, nowMs: T0 + 2 * 60_000 }), path);
      assert.ok('events' in decodeEvent(raw, OWN), path);
    }
  });

  test('tells changes of configuration and unmatched resumes apart', () => {
    const delivered = (raw: object): ReturnType<typeof decodeDelivery> =>
      decodeDelivery(Buffer.from(JSON.stringify(raw)), { regionId: 1, personalIdSecret: 's' });
    const change = {
      ...validEvent('CONFIG_CHANGE'),
      externalId: 'bob@example.com',
      change: { name: 'bob@example.com', teamId: 'ann@example.com', queueIds: ['q', 'ann@example.com'] },
    };
    const { changes, facts } = delivered(change);
    assert.equal(facts.length, 0);
    assert.deepEqual(
      changes?.map(({ externalId, change: fields }) => [externalId, fields]),
      [
        [
          pseudonymise('bob@example.com'),
          {
            name: 'bob@example.com',
            teamId: pseudonymise('ann@example.com'),
            queueIds: ['q', pseudonymise('ann@example.com')],
          },
        ],
      ],
    );
    for (const fields of [{ name: 'a\u0000' }, { externalId: '\ud800' }, { queueIds: ['q', '\u0000'] }, { name: 7 }])
      assert.equal(delivered({ ...change, change: fields }).error?.code, 'invalid');
    const queueIds = ['support@pbx.example.com', 'q_1'];
    const { changes: moved = [] } = delivered({
      ...{ ...change, note: 'Bob', void: false },
      change: { teamId: 't', queueIds, deleted: false, email: 'bob@example.com' },
    });
    assert.deepEqual(moved, [
      {
        ...{ ...change, ...OWN, externalId: pseudonymise('bob@example.com'), void: false },
        change: { teamId: 't', queueIds: [pseudonymise('support@pbx.example.com'), 'q_1'], deleted: false },
      },
    ]);
    assert.equal(delivered({ ...validEvent('QUEUE_RESUME'), undoes: null }).isUnmatchedResume, true);
    assert.equal(delivered(validEvent('QUEUE_RESUME')).isUnmatchedResume, undefined);
  });
});

test('an event of a switch that cannot be decoded is told as one, whichever way its build spells headers', () => {
  for (const name of ['Event-Name', 'event-name']) {
    const raw = {
      ...{ [name]: 'CHANNEL_HANGUP_COMPLETE', 'Unique-ID': 'c', 'Channel-Call-UUID': 'c' },
      ...{ variable_territory_id: '101', variable_region_id: '1' },
    };
    const bridged = { 'detail-type': 'x', id: 'bridge-1', detail: raw };
    for (const body of [raw, bridged]) {
      const { source, error } = decodeDelivery(Buffer.from(JSON.stringify(body)), {
        regionId: 1,
        personalIdSecret: 's',
      });
      assert.deepEqual([source, error?.code], ['freeswitch', 'invalid'], name);
    }
  }
});

test('an id that cannot look personal is left alone by the patterns too', () => {
  const piece = fc.constantFrom(
    '0',
    '1',
    '7',
    '12345',
    '1772532000',
    '1772532000000',
    ':',
    '/',
    '-',
    '+',
    '(',
    ')',
    ' ',
    '.',
    '@',
    '%40',
    'a',
    'é',
    'x.com',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 9 }), (pieces) => {
      const id = pieces.join('');
      if (!mayLookPersonal(id))
        assert.equal(
          replacePersonal(id, () => 'P'),
          id,
        );
    }),
    { numRuns: 20_000 },
  );
});
