import { deflateSync, gzipSync } from 'node:zlib';

import type { Random } from '../faults/traffic/random.ts';

/** The key of the tests' territory, and that territory. */
export interface HostileTarget {
  readonly key: string;
  readonly territoryId: number;
  readonly regionId: number;
  /** An instant that is not in the future. */
  readonly timeMs: number;
}

/** A body that must be refused as a whole, or every item of it. */
export interface HostileBody {
  readonly kind: string;
  readonly body: Buffer;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent without saying how long it is. */
  readonly isChunked?: boolean;
}

/** Bytes for a connection that must end in a 4xx; a sender that ends first may go without. */
export interface HostileBytes {
  readonly kind: string;
  readonly bytes: Buffer;
  readonly endsFirst: boolean;
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

/** Everything that is refused wherever it stands, as one line of text. */
export class HostileItems {
  private readonly random: Random;
  private readonly target: HostileTarget;
  private count = 0;

  constructor(random: Random, target: HostileTarget) {
    this.random = random;
    this.target = target;
  }

  /** A good event but for its id, which tells it from the good ones should it ever be found on the stream. */
  base(): Record<string, unknown> {
    const { territoryId, regionId, timeMs } = this.target;
    this.count += 1;
    return {
      ...{ v: 1, id: `hostile-${String(this.random.between(0, 1e9))}-${String(this.count)}`, type: 'CALL_START' },
      ...{ source: 'freeswitch', time: new Date(timeMs).toISOString(), territoryId, regionId },
      ...{ callId: 'hostile', direction: 'inbound' },
    };
  }

  /** One item by chance; `line` = it may be no JSON at all. */
  any(line: boolean): { readonly kind: string; readonly bytes: Buffer } {
    const kind = this.random.pick(
      line ? (['wrongType', ...JSON_KINDS, 'broken', 'badUtf8'] as const) : (['wrongType', ...JSON_KINDS] as const),
    );
    return { kind, bytes: Buffer.from(this[kind]()) };
  }

  private with(fields: object): string {
    return JSON.stringify({ ...this.base(), ...fields });
  }

  /** Puts raw text where a value stood. */
  private spliced(name: string, text: string): string {
    return this.with({ [name]: '@' }).replace('"@"', () => text);
  }

  private wrongType(): string {
    const wrong = [
      'null',
      'true',
      '{}',
      '[]',
      '[[]]',
      '{"a":1}',
      '-1',
      '1.5',
      '""',
      '[101]',
      '{"toString":"101"}',
    ] as const;
    const name = this.random.pick([
      'v',
      'id',
      'type',
      'source',
      'time',
      'territoryId',
      'regionId',
      'callId',
      'direction',
    ]);
    return this.spliced(name, this.random.pick(wrong));
  }

  private missing(): string {
    const event = this.base();
    const names = ['v', 'id', 'type', 'source', 'time', 'territoryId', 'regionId', 'callId', 'direction'] as const;
    return JSON.stringify({ ...event, [this.random.pick(names)]: undefined });
  }

  private foreign(): string {
    const other = this.random.pick([202, '202', 0, '0101', ' 101', '101 ', '1e2', 101.5, 4294967397, '٠']);
    return this.with(this.random.isLucky(0.5) ? { territoryId: other } : { regionId: other });
  }

  private foreignSwitch(): string {
    return JSON.stringify({
      ...{
        'Event-Name': this.random.pick(['CHANNEL_HANGUP_COMPLETE', 'CHANNEL_CREATE', 'HEARTBEAT']),
        'Core-UUID': 'hostile',
        'Event-Sequence': String(this.count),
      },
      ...{ 'Unique-ID': 'hostile', 'Channel-Call-UUID': 'hostile', 'Call-Direction': 'inbound' },
      ...{ 'Event-Date-Timestamp': String(this.target.timeMs * 1000), 'Hangup-Cause': 'NORMAL_CLEARING' },
      ...{ 'Caller-Channel-Created-Time': String(this.target.timeMs * 1000 - 1_000_000) },
      ...{ 'Caller-Channel-Hangup-Time': String(this.target.timeMs * 1000) },
      ...{ variable_territory_id: '202', variable_region_id: '1' },
    });
  }

  private brokenSwitch(): string {
    const value = this.random.pick(['{}', '[]', 'null', '[["x"]]', '{"0":"x"}', '"\\u0000"']);
    return JSON.stringify({
      'Event-Name': 'CHANNEL_HANGUP_COMPLETE',
      'Unique-ID': '@',
      'Channel-Call-UUID': '@',
    }).replaceAll('"@"', () => value);
  }

  private prototype(): string {
    const key = this.random.pick(['__proto__', 'constructor', 'prototype']);
    const value = this.random.pick(['{"territoryId":101}', '{"prototype":{"v":1}}', 'null', '1', '[]']);
    return this.spliced('evil', `0,"${key}":${value}`);
  }

  private borrowed(): string {
    return `{"__proto__":${JSON.stringify(this.base())}}`;
  }

  private surrogate(): string {
    return this.spliced(
      this.random.pick(['id', 'callId']),
      `"x${this.random.pick(['\\ud800', '\\udfff', '\\udc00\\ud800'])}"`,
    );
  }

  private nul(): string {
    return this.spliced(
      this.random.pick(['id', 'callId', 'direction']),
      `"in${this.random.pick(['\\u0000', '\\u001b[2J', '\\u2028'])}"`,
    );
  }

  private hugeNumber(): string {
    const huge = this.random.pick([
      '1e400',
      '-1e400',
      '9'.repeat(5000),
      '1e308',
      `0.${'0'.repeat(5000)}1`,
      '9007199254740993',
    ]);
    return this.spliced(this.random.pick(['v', 'territoryId', 'regionId', 'rev', 'callId']), huge);
  }

  private duplicateKeys(): string {
    const [name, value] = this.random.pick([
      ['territoryId', '202'],
      ['v', '2'],
      ['callId', '{}'],
      ['direction', '"sideways"'],
      ['regionId', '6'],
    ]);
    return `${JSON.stringify(this.base()).slice(0, -1)},"${name}":${value}}`;
  }

  private deep(): string {
    const depth = this.random.pick([40, 500, 20_000]);
    const [open, close] = this.random.pick([
      ['[', ']'],
      ['{"a":', '}'],
    ]);
    return this.spliced('extra', `${open.repeat(depth)}1${close.repeat(depth)}`);
  }

  private crumb(): string {
    return this.random.pick(['1', 'null', 'true', '"x"', '[]', '[[],[]]', '{}', '{"v":1}', '-0', '""', '[{}]']);
  }

  private instant(): string {
    const time = this.random.pick([
      '2026-02-30T00:00:00Z',
      '9999-12-31T23:59:59Z',
      '0000-00-00T00:00:00Z',
      'now',
      '1',
      '2026-01-01',
      '+275760-09-13T00:00:00Z',
    ]);
    return this.with({ time });
  }

  private longId(): string {
    return this.with({ [this.random.pick(['id', 'callId'])]: 'x'.repeat(this.random.between(201, 20_000)) });
  }

  private broken(): string {
    const text = JSON.stringify(this.base());
    return this.random.pick([
      text.slice(0, this.random.between(1, text.length - 1)),
      `${text}}`,
      text.replaceAll('"', "'"),
      `{${text}}`,
      `${text.slice(0, -1)},}`,
      text.replace('1', 'NaN'),
      text.replace('1', '01'),
    ]);
  }

  private badUtf8(): Buffer {
    const bad = this.random.pick([
      [0xff],
      [0xc0, 0xaf],
      [0xed, 0xa0, 0x80],
      [0xf4, 0x90, 0x80, 0x80],
      [0xe2, 0x82],
      [0x80],
    ]);
    const [before = '', after = ''] = this.with({ callId: '@' }).split('@');
    return Buffer.concat([Buffer.from(before), Buffer.from(bad), Buffer.from(after)]);
  }
}

const JSON_KINDS = [
  ...(['missing', 'foreign', 'foreignSwitch', 'brokenSwitch', 'prototype', 'borrowed', 'surrogate', 'nul'] as const),
  ...(['hugeNumber', 'duplicateKeys', 'deep', 'crumb', 'instant', 'longId'] as const),
] as const;

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

/** An attack below the body by chance: framing, lengths, headers. */
export function hostileBytes(random: Random, target: HostileTarget): HostileBytes {
  const good = JSON.stringify(new HostileItems(random, target).base());
  const post = ['POST /v1/events HTTP/1.1', 'Host: x', `Authorization: Bearer ${target.key}`];
  const text = (...lines: readonly string[]): string => [...post, ...lines, '', ''].join('\r\n');
  const length = String(good.length);
  const chunked = text('Transfer-Encoding: chunked');
  const attack = pick<readonly [string, string, boolean]>(random, [
    [
      'chunkSize',
      `${chunked}${random.pick(['ZZ', '-1', '0x10', '', ' ', 'FFFFFFFFFFFFFFFFFF', '1;'.repeat(9000)])}\r\n${good}\r\n0\r\n\r\n`,
      false,
    ],
    ['chunkLie', `${chunked}1\r\n${good}\r\n0\r\n\r\n`, false],
    ['chunkOpen', `${chunked}${good.length.toString(16)}\r\n${good}\r\n`, true],
    ['chunkCut', `${chunked}${(good.length + 100).toString(16)}\r\n${good}`, true],
    ['lengthShort', `${text(`Content-Length: ${String(random.between(1, good.length - 1))}`)}${good}`, false],
    ['lengthLong', `${text(`Content-Length: ${String(good.length + random.between(1, 1000))}`)}${good}`, true],
    ['lengthTwice', `${text('Content-Length: 5', `Content-Length: ${length}`)}${good}`, false],
    [
      'lengthWrong',
      `${text(`Content-Length: ${random.pick(['-1', '1e3', '0x5', '٣', '5,5', '99999999999999999999999'])}`)}${good}`,
      false,
    ],
    ['lengthHuge', `${text('Content-Length: 9007199254740991')}${good}`, false],
    ['both', `${text('Transfer-Encoding: chunked', `Content-Length: ${length}`)}${good}`, false],
    [
      'coding',
      `${text(`Transfer-Encoding: ${random.pick(['xchunked', 'gzip, chunked, identity', 'chunked, chunked, x', '\u000bchunked'])}`, `Content-Length: ${length}`)}${good}`,
      false,
    ],
    [
      'headerControl',
      `${text(`X-Evil: a${random.pick(['\u0000', '\u0001', '\u007f', '\r', '\n'])}b`, `Content-Length: x${length}`)}${good}`,
      false,
    ],
    [
      'headerName',
      `${text(`${random.pick(['X Evil', 'X\u0000Evil', '', '(', 'X-Evil '])}: a`, `Content-Length: ${length}`)}${good}`,
      false,
    ],
    ['headerLong', text(`X-Long: ${'x'.repeat(random.between(17_000, 60_000))}`), false],
    ['headerMany', text(...Array.from({ length: 3000 }, (_, index) => `X-${String(index)}: y`)), false],
    [
      'hostless',
      `POST /v1/events HTTP/1.1\r\nAuthorization: Bearer ${target.key}\r\nContent-Length: ${length}\r\n\r\n${good}`,
      false,
    ],
    ['version', `POST /v1/events HTTP/${random.pick(['9.9', '2.0', '0', 'x'])}\r\nHost: x\r\n\r\n`, false],
    [
      'method',
      text(`Content-Length: ${length}`).replace('POST', random.pick(['TRACE', 'G3T', 'PUT', 'DELETE', 'PATCH'])) + good,
      false,
    ],
    [
      'address',
      text('Content-Length: 0', 'Connection: close').replace(
        '/v1/events',
        random.pick(['/%', '/v1/../../etc/passwd', '//', '/v1/events%00', `/${'x'.repeat(9000)}`]),
      ),
      false,
    ],
    ['tls', '\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003', false],
    ['noise', Array.from({ length: 200 }, () => String.fromCharCode(random.between(128, 255))).join(''), false],
    ['miracle', text('Expect: a miracle', `Content-Length: ${length}`) + good, false],
    ['leaves', `${text(`Content-Length: ${length}`)}${good.slice(0, 20)}`, true],
  ]);
  const [kind, bytes, endsFirst] = attack;
  return { kind, bytes: Buffer.from(bytes, 'latin1'), endsFirst };
}
