import { expect } from '@open-wc/testing';
import { LuminaError } from '../../client/lumina-error.ts';
import { parseRange } from '../../client/time-range.ts';
import { isTimeZone } from '../../i18n/time-zone.ts';
import { csvOf } from '../kind/csv.ts';
import { boardCsv } from './board-csv.ts';
import { rangeAttribute, rangeOf, rangeWords } from './board-range.ts';
import { parseBoardChoices, refreshIntervalMs } from './board-choices.ts';
import { liveModeOf } from './live-words.ts';
import { instantOf, wallTimeOf, zoneOffset } from './zoned-time.ts';

describe('ranges of a board', () => {
  it('are read from attributes and written back', () => {
    const cases: readonly (readonly [string, unknown])[] = [
      ['1h', { last: '1h' }],
      ['-4h', { last: '4h' }],
      ['today', { calendar: 'today' }],
      [
        '2026-03-01T00:00:00Z/2026-03-02T00:00:00Z',
        { from: '2026-03-01T00:00:00.000Z', to: '2026-03-02T00:00:00.000Z' },
      ],
    ];
    for (const [text, range] of cases) {
      expect(parseRange(text)).to.deep.equal(range);
      expect(parseRange(rangeAttribute(parseRange(text) ?? { last: '1s' }))).to.deep.equal(range);
    }
    for (const wrong of ['', 'soon', '0h', '1y', '2026-03-02T00:00Z/2026-03-01T00:00Z', '2026-03-02/', 'a/b/c']) {
      expect(parseRange(wrong), wrong).to.equal(undefined);
    }
  });

  it('are told from other JSON', () => {
    expect(rangeOf({ last: '1h' })).to.deep.equal({ last: '1h' });
    expect(rangeOf({ calendar: 'today' })).to.deep.equal({ calendar: 'today' });
    const wrongs: readonly unknown[] = [
      null,
      'today',
      {},
      { last: 5 },
      { last: '-1h' },
      { last: 'today' },
      { calendar: '1h' },
      { last: '1h', to: 'x' },
      { from: '2026-03-02T00:00Z' },
    ];
    for (const wrong of wrongs) expect(rangeOf(wrong), JSON.stringify(wrong)).to.equal(undefined);
  });

  it('are said in the reporting zone', () => {
    const range = { from: '2026-07-01T22:30:00.000Z', to: '2026-07-02T01:00:00.000Z' };
    expect(rangeWords(range, 'en-GB', 'Europe/London')).to.include('1 Jul, 23:30');
    expect(rangeWords({ calendar: 'today' }, 'en-GB', 'UTC')).to.equal('Today');
  });
});

describe('wall clocks of zones', () => {
  it('name instants and back', () => {
    for (const zone of ['UTC', 'Europe/London', 'Asia/Kolkata', 'America/New_York', 'Pacific/Apia']) {
      for (let day = 0; day < 365; day += 7) {
        const at = Date.UTC(2026, 0, 1 + day, 13, 45);
        expect(instantOf(wallTimeOf(at, zone), zone), zone).to.equal(at);
      }
    }
  });

  it('take the first of a time that comes twice, and go on where one is skipped', () => {
    expect(instantOf('2026-10-25T01:30', 'Europe/London')).to.equal(Date.UTC(2026, 9, 25, 0, 30));
    expect(wallTimeOf(instantOf('2026-03-29T01:30', 'Europe/London') ?? 0, 'Europe/London')).to.equal(
      '2026-03-29T02:30',
    );
  });

  it('refuse what is no time', () => {
    for (const wrong of ['', '2026-13-01T00:00', '2026-01-01', 'now'])
      expect(instantOf(wrong, 'UTC')).to.equal(undefined);
    expect(isTimeZone('Mars/Olympus')).to.equal(false);
    expect(zoneOffset('Asia/Kolkata', 0)).to.equal('UTC+5:30');
  });
});

describe('state of a board', () => {
  it('is taken as an object and as text', () => {
    const state = { version: 1, range: { calendar: 'today' }, timeZone: 'UTC', refresh: '30s' };
    expect(parseBoardChoices(state)).to.deep.equal(state);
    expect(parseBoardChoices(JSON.stringify(state))).to.deep.equal(state);
    expect(parseBoardChoices({ version: 1 })).to.deep.equal({ version: 1, refresh: 'live' });
  });

  it('is refused with the first thing that is wrong', () => {
    const cases: readonly (readonly [unknown, RegExp])[] = [
      ['{', /cannot be restored/u],
      [[], /not an object/u],
      [null, /not an object/u],
      [{}, /version null/u],
      [{ version: 2 }, /version 2/u],
      [{ version: 1, zoom: 1 }, /"zoom"/u],
      [{ version: 1, range: 'today' }, /"range"/u],
      [{ version: 1, timeZone: 'Mars/Olympus' }, /"timeZone"/u],
      [{ version: 1, refresh: 'often' }, /"refresh"/u],
    ];
    for (const [input, message] of cases) {
      let thrown: unknown;
      try {
        parseBoardChoices(input);
      } catch (error) {
        thrown = error;
      }
      expect(thrown, JSON.stringify(input)).to.be.instanceOf(LuminaError);
      expect((thrown as LuminaError).code).to.equal('QUERY_INVALID');
      expect((thrown as LuminaError).message).to.match(message);
    }
  });

  it('knows how often to refresh', () => {
    expect(['live', 'off', '10s', '1s', '2m', 'x'].map(refreshIntervalMs)).to.deep.equal([
      undefined,
      undefined,
      10_000,
      5_000,
      120_000,
      undefined,
    ]);
  });
});

describe('live state of a board', () => {
  it('says how news come in', () => {
    const of = (phase: 'open' | 'retrying' | 'paused' | 'offline' | 'idle', transport: 'sse' | 'polling' = 'sse') =>
      liveModeOf('live', { phase, transport });
    expect([of('open'), of('open', 'polling'), of('retrying'), of('paused'), of('offline'), of('idle')]).to.deep.equal([
      'live',
      'polling',
      'reconnecting',
      'paused',
      'offline',
      'idle',
    ]);
    expect(liveModeOf('off', { phase: 'open', transport: 'sse' })).to.equal('off');
    expect(liveModeOf('10s', { phase: 'open', transport: 'sse' })).to.equal('interval');
  });
});

describe('files of a board', () => {
  it('are quoted as RFC 4180 says, and hold no formulas', () => {
    expect(csvOf([['a,b', 'say "no"', 'two\nlines', null, -3, '-3', '=1+1', '@x', '\tx', '+x']])).to.equal(
      `"a,b","say ""no""","two\nlines",,-3,'-3,'=1+1,'@x,'\tx,'+x\r\n`,
    );
  });

  it('hold the total and the points of each series', () => {
    const series = {
      key: 'k',
      metric: 'call_count',
      unit: 'count' as const,
      better: 'neutral' as const,
      dimension: 'queue_id',
      value: 'q1',
      group: { queue_id: 'q1' },
      points: [
        [60_000, 2],
        [120_000, null],
      ] as const,
      total: 2,
    };
    const view = {
      series: [series],
      metrics: [],
      unit: 'count' as const,
      fromMs: 60_000,
      toMs: 180_000,
      openFromMs: undefined,
      timeZone: 'UTC',
      hasValues: true,
    };
    const { text, rows } = boardCsv([
      { heading: 'Waiting', view, labels: [{ name: '=Sales', place: 0 }] },
      { heading: 'Not loaded', view: undefined, labels: [] },
    ]);
    expect(rows).to.equal(3);
    expect(text.split('\r\n').slice(0, 4)).to.deep.equal([
      'Tile,Metric,Series,Time,Value,Unit',
      "Waiting,Calls,'=Sales,1970-01-01T00:01:00.000Z/1970-01-01T00:03:00.000Z,2,count",
      "Waiting,Calls,'=Sales,1970-01-01T00:01:00.000Z,2,count",
      "Waiting,Calls,'=Sales,1970-01-01T00:02:00.000Z,,count",
    ]);
  });
});
