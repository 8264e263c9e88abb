import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { addressRanges, firstBadRange } from './address-ranges.ts';
import { clientAddress } from './client-address.ts';
import type { Received } from './client-address.ts';

const byte = fc.integer({ min: 0, max: 255 });
const ipv4 = fc.tuple(byte, byte, byte, byte).map((bytes) => bytes.join('.'));
const group = fc.integer({ min: 0, max: 0xffff });
const ipv6 = fc.array(group, { minLength: 8, maxLength: 8 });
const written = (groups: readonly number[]): string => groups.map((one) => one.toString(16)).join(':');
const asNumber = (address: string): number => address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
const asBits = (groups: readonly number[]): string => groups.map((one) => one.toString(2).padStart(16, '0')).join('');

/** The network of an address, its other bits zero. */
function networkOf(address: string, length: number): string {
  const size = 2 ** (32 - length);
  const base = Math.floor(asNumber(address) / size) * size;
  return `${[24, 16, 8, 0].map((shift) => Math.floor(base / 2 ** shift) % 256).join('.')}/${length}`;
}

function request(peer: string, forwarded?: string): Received {
  const headers = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded };
  return { headers, socket: { remoteAddress: peer } };
}

test('an IPv4 address lies in a network when their first bits are equal, however it is written', () => {
  fc.assert(
    fc.property(ipv4, ipv4, fc.integer({ min: 0, max: 32 }), (one, other, length) => {
      const size = 2 ** (32 - length);
      const isIn = Math.floor(asNumber(one) / size) === Math.floor(asNumber(other) / size);
      const ranges = addressRanges([networkOf(other, length)]);
      assert.equal(ranges.includes(one), isIn);
      assert.equal(ranges.includes(`::ffff:${one}`), isIn);
      const [a = 0, b = 0, c = 0, d = 0] = one.split('.').map(Number);
      assert.equal(ranges.includes(`::ffff:${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`), isIn);
    }),
  );
});

test('an IPv6 address lies in a network when their first bits are equal, and in none of IPv4', () => {
  fc.assert(
    fc.property(ipv6, ipv6, fc.integer({ min: 0, max: 128 }), (one, other, length) => {
      const bits = asBits(other).slice(0, length).padEnd(128, '0');
      const groups = Array.from({ length: 8 }, (_, index) =>
        Number.parseInt(bits.slice(index * 16, index * 16 + 16), 2),
      );
      // What lies in ::ffff:0:0/96 is IPv4.
      fc.pre([one, groups].every((address) => address.slice(0, 5).some((part) => part !== 0)));
      const isIn = asBits(one).slice(0, length) === asBits(other).slice(0, length);
      assert.equal(addressRanges([`${written(groups)}/${length}`]).includes(written(one)), isIn);
      assert.ok(!addressRanges(['0.0.0.0/0']).includes(written(one)));
    }),
  );
});

test('only networks are networks', () => {
  const good = ['10.0.0.0/8', '203.0.113.7', '0.0.0.0/0', '::/0', '2001:db8::/32', '::1', '::ffff:10.0.0.0/104'];
  assert.equal(firstBadRange(good), undefined);
  const bad = [
    ...['10.0.0.1/8', '10.0.0.0/33', '10.0.0.0/08', '10.0.0.0/', '10.0.0.0/8/8', '10.0.0', '010.0.0.0/8', '0x7f.0.0.1'],
    ...['2130706433', '2001:db8::1/32', '2001:db8::/129', 'fe80::1%eth0', 'example.com', '', '/8', '::ffff:10.0.0.0/8'],
  ];
  for (const text of bad) {
    assert.equal(firstBadRange([text]), text);
    assert.ok(!addressRanges([text]).includes('10.0.0.0'), text);
  }
});

test('what is no address lies nowhere', () => {
  const all = addressRanges(['0.0.0.0/0', '::/0']);
  for (const text of ['', 'unknown', '10.0.0', '10.0.0.1, 10.0.0.2', '10.0.0.1:443', '[::1]', 'fe80::1%eth0'])
    assert.ok(!all.includes(text), text);
});

test('whatever a stranger writes into X-Forwarded-For, the address is that of the connection to our proxy', () => {
  const distributor = clientAddress([]);
  const behindBalancer = clientAddress(['10.1.0.0/16']);
  const anything = fc.oneof(
    fc.string(),
    ipv4,
    fc.array(ipv4, { maxLength: 4 }).map((list) => list.join(', ')),
  );
  const outside = ipv4.filter((address) => !address.startsWith('10.1.'));
  fc.assert(
    fc.property(anything, outside, (forged, client) => {
      assert.equal(distributor(request(client, forged)), client);
      assert.equal(behindBalancer(request(client, forged)), client);
      assert.equal(behindBalancer(request(`::ffff:${client}`, forged)), client);
      // The balancer adds the client to the right of what it was given.
      assert.equal(behindBalancer(request('10.1.2.3', `${forged}, ${client}`)), client);
    }),
  );
});

test('through several of our proxies the first stranger from the right is the client', () => {
  const find = clientAddress(['10.0.0.0/8', '2001:db8::/32']);
  assert.equal(find(request('10.0.0.1', '198.51.100.1, 203.0.113.9, 2001:db8::5')), '203.0.113.9');
  assert.equal(find(request('10.0.0.1', '10.9.9.9')), '10.9.9.9');
  assert.equal(find(request('10.0.0.1')), '10.0.0.1');
  assert.equal(find(request('10.0.0.1', 'unknown')), undefined);
  assert.equal(find(request('', '203.0.113.9')), undefined);
});
