import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';

import { createPseudonymiser, mayLookPersonal, replacePersonal } from './personal-ids.ts';

const marked = (id: string): string => replacePersonal(id, () => '#');

describe('ids that could name a person', () => {
  test('e-mail addresses', () => {
    for (const id of [
      'alice@example.com',
      'agent@company.com',
      'alice.smith+x@mail.example.co.uk',
      'alice@müller.de',
      'почта@пример.рф',
      'Alice Smith <alice@example.com>',
      'alice%40example.com',
      '1001@pbx.example.com',
    ])
      assert.equal(marked(id), '#', id);
  });

  test('telephone numbers, alone and as the user of a SIP address', () => {
    for (const id of [
      '+447700900123',
      '447700900123',
      '07700 900123',
      '(020) 7946-0123',
      '5551234',
      '+447700900123@10.0.0.11',
      '447700900123@default',
      'callback to 07700900123 please',
    ])
      assert.equal(marked(id), '#', id);
  });

  test('names of queues, extensions, and what only resembles them stay readable', () => {
    for (const id of [
      '',
      'q_sales',
      'support@default',
      '1001@default',
      '1001@10.0.0.11',
      'agent@pbx-1',
      '1001',
      '123456',
      'b7a1d0f6-1c2b-4f1e-9d35-0a6b7c8d9e0f',
      '12345678-1234-4234-8234-123456789012',
      'on_contact',
      '@example.com',
      'order 12',
    ])
      assert.equal(marked(id), id, id);
  });

  test('parts of composed ids, each on its own; instants are none', () => {
    const cases: [string, string][] = [
      ['member-1:alice@example.com:1772532009', 'member-1:#:1772532009'],
      ['member-1:+447700900123:1772532009', 'member-1:#:1772532009'],
      ['member-1:1001@default:1772532009000', 'member-1:1001@default:1772532009000'],
      ['sip:alice@example.com', 'sip:#'],
      ['user/alice@example.com', 'user/#'],
      ['sofia/gateway/bt/447700900123', 'sofia/gateway/bt/#'],
      ['/v1/users/alice%40example.com/calls', '/v1/users/#/calls'],
    ];
    for (const [id, expected] of cases) assert.equal(marked(id), expected);
  });

  test('a part has the pseudonym it has alone', () => {
    const part = fc.constantFrom('alice@example.com', '+447700900123', 'ag_1', '1001@default', 'q', '20260303');
    const replace = (id: string): string => `a_${Buffer.from(id).toString('hex')}`;
    fc.assert(
      fc.property(fc.array(part, { minLength: 2, maxLength: 5 }), (parts) => {
        const apart = parts.map((id) => replacePersonal(id, replace));
        assert.equal(replacePersonal(parts.join(':'), replace), apart.join(':'));
      }),
    );
  });

  test('what is passed over without a closer look would have stayed as it is', () => {
    const piece = fc.oneof(
      fc.constantFrom('@', '%40', '%', ':', '/', ' ', '+', '(', ')', '-', '.', 'a', 'example.com', '1772532009'),
      fc.stringMatching(/^\d{1,16}$/),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const id = pieces.join('');
        if (!mayLookPersonal(id)) assert.equal(marked(id), id);
      }),
      { numRuns: 5000 },
    );
  });

  test('a long hostile text costs nothing: it is refused anyway', () => {
    const hostile = `${'a'.repeat(1_000_000)}@${'b.'.repeat(1000)}`;
    assert.equal(marked(hostile), hostile);
  });
});

test('a pseudonym is made under a key of the territory, and of the parts that need one only', () => {
  const hmacHex = (key: string, text: string): string => `<${key}|${text}>`.padEnd(64, '.');
  const pseudonymise = createPseudonymiser(101, 's', hmacHex);
  const key = '<s|territory:101>'.padEnd(64, '.');
  assert.equal(pseudonymise('user/bob@example.com'), `user/a_${`<${key}|bob@example.com>`.slice(0, 32)}`);
  assert.equal(pseudonymise('q_sales'), 'q_sales');
});
