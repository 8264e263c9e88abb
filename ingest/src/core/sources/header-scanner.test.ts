import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';

import { decodeDelivery } from '../decode-delivery.ts';
import { encodeStreamRecord } from '../stream-record.ts';
import { FREESWITCH_HEADERS, type HeaderName } from './freeswitch-headers.ts';
import { ParsedHeaders } from './header-reader.ts';
import { scanHeaders } from './header-scanner.ts';

const NAMES = Object.keys(FREESWITCH_HEADERS) as HeaderName[];
const OWN = { 'Event-Name': 'CUSTOM', 'Core-UUID': 'c0re', 'Event-Sequence': '7' };
const texts = ['', '0', 'q_1', 'member-queue-start', '1772532000000000', 'ARRAY::a|:b', 'ARRAY::', 'Available', 'a b'];

type Headers = readonly (readonly [string, unknown])[];

/** As JSON writes an object, but with the same name as often as asked for. */
function spelled(headers: Headers): string {
  return `{${headers.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(',')}}`;
}

const header = fc.tuple(fc.constantFrom(...NAMES), fc.constantFrom(...texts));
const plain = fc.array(header, { maxLength: 20 }).map((headers): Headers => [...Object.entries(OWN), ...headers]);

/** Texts that JSON.parse or the mappers must judge: anything but flat headers of plain text in their own spelling. */
const other = fc.oneof(
  fc.tuple(
    fc.constantFrom(...NAMES),
    fc.constantFrom<unknown>('é', 'a\u007f', 'a\\', '"', '\u2028', 1, null, ['a'], {}),
  ),
  fc.tuple(fc.constantFrom('core-uuid', 'CC-Caller-UUID', 'detail-type', 'X', '__proto__', ''), fc.constant('x')),
);

function recordOf(text: string): Buffer {
  return encodeStreamRecord({ territoryId: 101, regionId: 1, receivedMs: 1, body: 'events' }, Buffer.from(text));
}

function bodyAtOf(record: Buffer): number {
  return record.indexOf('\n') + 1;
}

describe('headers that are scanned', () => {
  test('are those that JSON.parse reads, of flat plain events in the spelling of the whitelist', () => {
    fc.assert(
      fc.property(plain, (headers) => {
        const text = spelled(headers);
        const record = recordOf(text);
        const scanned = scanHeaders(record, bodyAtOf(record));
        const fields = JSON.parse(text) as Record<string, unknown>;
        const parsed = new ParsedHeaders(fields);
        if (scanned === undefined) {
          const isNamed = Object.keys(OWN).every((name) => /^[^A]/.test(String(fields[name])));
          assert.equal(isNamed, false, text);
          return;
        }
        for (const name of NAMES) {
          assert.equal(scanned.text(name), parsed.text(name), `${name} of ${text}`);
          assert.deepEqual(scanned.texts(name), parsed.texts(name), `${name} of ${text}`);
        }
      }),
      { numRuns: 3000 },
    );
  });

  test('are none of an event that holds anything else', () => {
    fc.assert(
      fc.property(plain, other, fc.nat(), (headers, odd, place) => {
        const text = spelled(headers.toSpliced(1 + (place % headers.length), 0, odd));
        const record = recordOf(text);
        assert.equal(scanHeaders(record, bodyAtOf(record)), undefined, text);
      }),
      { numRuns: 3000 },
    );
  });

  test('are none of a text that is cut, continued or changed, unless it is JSON still', () => {
    fc.assert(
      fc.property(
        plain,
        fc.nat(),
        fc.constantFrom('', '"', ',', '}', '{', ':', '\n', '\u0000', 'x'),
        (headers, place, put) => {
          const whole = spelled(headers);
          const at = place % (whole.length + 1);
          for (const text of [whole.slice(0, at) + put, whole.slice(0, at) + put + whole.slice(at + 1), whole + put]) {
            const record = recordOf(text);
            if (scanHeaders(record, bodyAtOf(record)) !== undefined)
              assert.doesNotThrow(() => JSON.parse(text) as unknown, text);
          }
        },
      ),
      { numRuns: 3000 },
    );
  });

  test('give the same delivery as the same event parsed', () => {
    const context = { regionId: 1, personalIdSecret: 's', nowMs: 1772532000000 };
    const ids = { 'Unique-ID': 'l', 'Channel-Call-UUID': 'l', 'CC-Member-UUID': 'm', 'CC-Member-Session-UUID': 'l' };
    const instants = { 'Event-Date-Timestamp': '1772532000000000', 'Caller-Channel-Created-Time': '1772531990' };
    const kinds = ['CHANNEL_CREATE', 'CHANNEL_ANSWER', 'CHANNEL_HANGUP_COMPLETE', 'CHANNEL_HOLD', 'DTMF', 'API'];
    const actions = ['member-queue-start', 'member-queue-end', 'bridge-agent-start', 'members-count'];
    let facts = 0;
    fc.assert(
      fc.property(plain, fc.constantFrom(...kinds), fc.constantFrom(undefined, ...actions), (headers, kind, action) => {
        const own = { ...ids, ...instants, 'CC-Queue': 'bob@example.com', 'CC-Agent': 'ag_1' };
        const told =
          action === undefined
            ? { 'Event-Name': kind }
            : { 'Event-Name': 'CUSTOM', 'Event-Subclass': 'callcenter::info', 'CC-Action': action };
        const text = spelled(Object.entries({ ...Object.fromEntries(headers.slice(0, 9)), ...own, ...told }));
        const scanned = decodeDelivery(recordOf(text), context);
        // JSON allows the space, the scanner does not.
        assert.deepEqual(scanned, decodeDelivery(recordOf(text.replace('{', '{ ')), context), text);
        facts += scanned.facts.length;
      }),
      { numRuns: 3000 },
    );
    assert.ok(facts > 500, 'too few of the events told of anything to say much');
  });
});
