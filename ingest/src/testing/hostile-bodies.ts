import { deflateSync, gzipSync } from 'node:zlib';

import type { Random } from '../faults/traffic/random.ts';
import { HostileItems, type HostileTarget } from './hostile-items.ts';

/** A body that must be refused as a whole, or every item of it. */
export interface HostileBody {
  readonly kind: string;
  readonly body: Buffer;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent without saying how long it is. */
  readonly isChunked?: boolean;
}

const PACKED = { 'content-encoding': 'gzip' };
const LIMIT_BYTES = 5_000_000;

/** One of the values, its literal type kept. */
function pick<const T>(random: Random, values: readonly [T, ...T[]]): T {
  return random.pick(values);
}

/** Packed once for all: the making of a bomb must not cost the tests more than its target. */
const BOMBS = {
  spaces: gzipSync(Buffer.alloc(60_000_000, 0x20)),
  nested: gzipSync(gzipSync(Buffer.alloc(20_000_000, 0x20))),
  chained: Buffer.concat(Array.from({ length: 12 }, () => gzipSync(Buffer.alloc(1_000_000, 0x20)))),
  hollow: Buffer.concat(Array.from({ length: 60_000 }, () => gzipSync(''))),
  crumbs: gzipSync(`[${'{},'.repeat(300_000)}{}]`),
  deep: gzipSync('['.repeat(2_000_000)),
};

/** A whole body by chance. Most are one item, a few are as large as they can be. */
export function hostileBody(random: Random, target: HostileTarget): HostileBody {
  const items = new HostileItems(random, target);
  if (random.isLucky(0.6)) {
    const { kind, bytes } = items.any(true);
    return { kind, body: bytes };
  }
  if (random.isLucky(0.03)) return hugeBody(random, items);
  return random.isLucky(0.5) ? packedBody(random, items) : oddBody(random, items);
}

function hugeBody(random: Random, items: HostileItems): HostileBody {
  const text = JSON.stringify(items.base());
  const kind = pick(random, ['huge', 'hugeUnknownLength', 'hugeItem', 'crumbs', 'deepBody', 'openStrings']);
  const texts: Readonly<Record<typeof kind, () => string>> = {
    huge: () => text.padEnd(LIMIT_BYTES + 1000),
    hugeUnknownLength: () => text.padEnd(LIMIT_BYTES + 1000),
    hugeItem: () => `${text.slice(0, -1)},"x":"${'x'.repeat(1_200_000)}"}`,
    crumbs: () => `[${'1,'.repeat(random.between(50_000, 2_000_000))}1]`,
    deepBody: () => '['.repeat(random.between(100_000, 4_000_000)),
    openStrings: () => `[${'"'.repeat(random.between(100_001, 4_000_001))}`,
  };
  return { kind, body: Buffer.from(texts[kind]()), isChunked: kind === 'hugeUnknownLength' };
}

function packedBody(random: Random, items: HostileItems): HostileBody {
  const good = Buffer.from(JSON.stringify(items.base()));
  const packed = gzipSync(good);
  const kind = pick(random, [
    ...(['bomb', 'nested', 'chained', 'hollow', 'packedCrumbs', 'packedDeep'] as const),
    ...(['plain', 'truncated', 'tail', 'corrupt', 'unnamed', 'deflate', 'twice', 'packedItem'] as const),
  ]);
  const corrupt = Buffer.from(packed);
  corrupt[random.between(10, corrupt.length - 1)] = random.between(0, 255);
  const other: Readonly<Record<typeof kind, Buffer>> = {
    ...{ bomb: BOMBS.spaces, nested: BOMBS.nested, chained: BOMBS.chained, hollow: BOMBS.hollow },
    ...{ packedCrumbs: BOMBS.crumbs, packedDeep: BOMBS.deep },
    plain: good,
    truncated: packed.subarray(0, random.between(1, packed.length - 1)),
    tail: Buffer.concat([packed, Buffer.from('\u0000'.repeat(random.between(1, 100)))]),
    // A flipped byte that happens to be the one that stood there leaves a good body: then the check sum is cut off.
    corrupt: corrupt.equals(packed) ? packed.subarray(0, -8) : corrupt,
    unnamed: packed,
    deflate: deflateSync(good),
    twice: gzipSync(packed),
    packedItem: gzipSync(items.any(true).bytes),
  };
  const encoding: Partial<Record<typeof kind, string>> = {
    unnamed: 'identity',
    deflate: 'deflate',
    twice: 'gzip, gzip',
  };
  return { kind, body: other[kind], headers: { ...PACKED, 'content-encoding': encoding[kind] ?? 'gzip' } };
}

function oddBody(random: Random, items: HostileItems): HostileBody {
  const good = JSON.stringify(items.base());
  const kind = pick(random, [
    'noise',
    'empty',
    'utf16',
    'bom',
    'list',
    'lines',
    'cut',
    'nokey',
    'wrongKey',
    'form',
    'closing',
  ]);
  const some = Array.from({ length: random.between(2, 40) }, () => items.any(false).bytes.toString());
  const noise = Buffer.from(Array.from({ length: random.between(1, 3000) }, () => random.between(0, 255)));
  const bodies: Readonly<Record<typeof kind, string | Buffer>> = {
    noise: Buffer.concat([Buffer.from([0x00]), noise]),
    empty: random.pick(['', ' ', '\n\n\n', '\u0000', '\ufeff', '[]', '[ ]', '[,]', '{}', '""']),
    utf16: Buffer.from(good, 'utf16le'),
    bom: `\ufeff${good}`,
    list: `[${some.join(',')}]`,
    lines: some.join('\n'),
    cut: `[${good},${good.slice(0, random.between(0, good.length - 1))}`,
    nokey: good,
    wrongKey: good,
    form: `event=${encodeURIComponent(good)}`,
    closing: `${']'.repeat(random.between(1, 5000))}${good}`,
  };
  const authorization: Partial<Record<typeof kind, string>> = {
    nokey: random.pick(['', 'Bearer', 'Bearer ', 'Basic aWs6', 'Token x']),
    wrongKey: `Bearer ${random.pick(['x', 'x'.repeat(8000), '__proto__', 'ik_101 ik_101', '%00'])}`,
  };
  const given = authorization[kind];
  return {
    kind,
    body: Buffer.from(bodies[kind]),
    ...(given === undefined ? {} : { headers: { authorization: given } }),
  };
}
