import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { EVENT_TYPES, type EventType } from '@lumina/contracts';
import { EVENT_SCHEMAS } from '@lumina/contracts/schemas';

import { at, callcenterEvent, factsOf, OWN, switchEvent, T0 } from '../testing/events.ts';

const context = { ...OWN, personalIdSecret: 's' };
const TELLING = ['alice@example.com', '+447700900123', 'm:alice@example.com:1772532009', 'sip:447700900123@10.0.0.1'];

const assertNobodyIn = (raw: unknown): void => {
  const facts = factsOf(raw, context);
  assert.doesNotMatch(JSON.stringify(facts), /alice|7700900123/);
  for (const { eid } of facts) assert.doesNotMatch(eid ?? '', /alice|7700900123/);
};

/** As much of a JSON Schema as the schemas of events use. */
interface Shape {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Shape[];
  readonly pattern?: string;
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly items?: Shape;
  readonly minItems?: number;
  readonly minimum?: number;
}

/** A valid value whose free texts all name somebody. */
function filled(shape: Shape, text: string): unknown {
  if (shape.const !== undefined) return shape.const;
  if (shape.enum !== undefined) return shape.enum[0];
  const [first] = shape.anyOf ?? [];
  if (first !== undefined) return filled(first, text);
  switch (shape.type) {
    case 'object':
      return Object.fromEntries(
        Object.entries(shape.properties ?? {}).map(([name, field]) => [name, filled(field, text)]),
      );
    case 'array':
      return Array.from({ length: shape.minItems ?? 1 }, () => filled(shape.items ?? {}, text));
    case 'string':
      return shape.pattern === undefined ? text : at(0);
    case 'boolean':
      return false;
    default:
      return shape.minimum ?? 0;
  }
}

describe('nobody is named in a fact', () => {
  for (const type of Object.keys(EVENT_TYPES) as EventType[]) {
    test(`whatever the texts of ${type} say`, () => {
      for (const text of TELLING) {
        const event = filled(EVENT_SCHEMAS[type], text) as object;
        assertNobodyIn({ ...event, ...OWN, source: EVENT_TYPES[type][0], rev: 1 });
      }
    });
  }

  test('whatever the ids of a switch are', () => {
    const micro = String(T0 * 1000);
    const seconds = String(T0 / 1000);
    for (const id of TELLING) {
      const channel = {
        'Unique-ID': id,
        'Channel-Call-UUID': id,
        'Caller-Channel-Created-Time': micro,
        variable_cc_queue: id,
        variable_cc_agent: id,
        variable_cc_member_session_uuid: id,
      };
      for (const name of ['CHANNEL_CREATE', 'CHANNEL_HANGUP_COMPLETE', 'CHANNEL_HOLD', 'DTMF'])
        assertNobodyIn(switchEvent(name, 0, channel));
      const member = {
        'CC-Queue': id,
        'CC-Agent': id,
        'CC-Member-UUID': id,
        'CC-Member-Session-UUID': id,
        'CC-Agent-Answered-Time': seconds,
        'CC-Member-Joined-Time': seconds,
        'CC-Member-Leaving-Time': seconds,
        'CC-Agent-Bridged': 'false',
        'CC-Agent-Status': 'Available',
        'Lumina-Undoes-Stay': `${id}:${id}`,
        'Lumina-Undoes-Time': String(T0),
        'Lumina-Undoes-Joined': String(T0),
      };
      const actions = ['member-queue-start', 'member-queue-resume', 'bridge-agent-start', 'bridge-agent-end'];
      for (const action of [...actions, 'agent-status-change']) assertNobodyIn(callcenterEvent(action, 0, member));
      for (const cause of ['Terminated', 'Cancel'])
        assertNobodyIn(callcenterEvent('member-queue-end', 0, { ...member, 'CC-Cause': cause }));
    }
  });
});
