import type { Random } from '../faults/traffic/random.ts';

/** The key of the tests' territory, and that territory. */
export interface HostileTarget {
  readonly key: string;
  readonly territoryId: number;
  readonly regionId: number;
  /** An instant that is not in the future. */
  readonly timeMs: number;
}

const JSON_KINDS = [
  ...(['missing', 'foreign', 'foreignSwitch', 'brokenSwitch', 'prototype', 'borrowed', 'surrogate', 'nul'] as const),
  ...(['hugeNumber', 'duplicateKeys', 'deep', 'crumb', 'instant', 'longId'] as const),
] as const;

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
