import { expect, oneEvent } from '@open-wc/testing';
import type { WidgetOptions } from '@lumina/contracts';
import type { TileSeries, TileView } from '../../client/tile-view.ts';
import '../../define/lumina-table.ts';
import { useLanguageOf } from '../../i18n/localization.ts';
import { baseStyles, themeStyles } from '../../theme/theme-styles.ts';
import type { ThemeName } from '../../theme/tokens.ts';
import type { LuminaTable } from './table.ts';

const NAMES = ['Sales', 'Support', 'Billing', 'Priority customers, all of Europe, day team'];
const METRICS = [
  { id: 'queue_service_level', unit: '%', better: 'higher' },
  { id: 'queue_depth', unit: 'count', better: 'lower' },
  { id: 'queue_wait_time', unit: 's', better: 'lower' },
] as const;
const TO_MS = Date.UTC(2026, 2, 1, 12);

type Values = readonly (readonly (number | null)[])[];

/** Rows of values by queue, in the order of the metrics. */
const USUAL: Values = [
  [82.4, 3, 41],
  [61, 0, 125],
  [null, null, null],
  [75, 1_234_567, 0.004],
];

function viewOf(values: Values, compared = false): TileView {
  const series = METRICS.flatMap(({ id, unit, better }, column) =>
    values.map((row, at): TileSeries => {
      const total = row[column] ?? null;
      return {
        key: `${id} q${String(at)}`,
        metric: id,
        unit,
        better,
        dimension: 'queue_id',
        value: `q${String(at)}`,
        group: { queue_id: `q${String(at)}` },
        points: [0, 1, 2].map((step) => [TO_MS - (3 - step) * 60_000, total]),
        total,
        ...(compared ? { compareTotal: total === null ? null : total * 0.9 } : {}),
      };
    }),
  );
  return {
    series,
    metrics: METRICS,
    unit: '%',
    fromMs: TO_MS - 3_600_000,
    toMs: TO_MS,
    openFromMs: undefined,
    timeZone: 'UTC',
    hasValues: true,
    ...(compared ? { compare: '1d' as const } : {}),
  };
}

/** A tile around the table, as the widget is one: theme, size, surface. */
const FRAME = 'lumina-test-frame';
class Frame extends HTMLElement {
  constructor() {
    super();
    const sheet = new CSSStyleSheet();
    const surface = ':host{display:block;height:300px;padding:16px;background:var(--_tile)}';
    sheet.replaceSync(`${themeStyles.cssText}${baseStyles.cssText}${surface}`);
    this.attachShadow({ mode: 'open' }).adoptedStyleSheets = [sheet];
  }
}
customElements.define(FRAME, Frame);

const frames: HTMLElement[] = [];

async function tableOf(
  view: TileView,
  options: WidgetOptions = {},
  { theme = 'light', widthPx = 720 }: { readonly theme?: ThemeName; readonly widthPx?: number } = {},
): Promise<LuminaTable> {
  const frame = document.createElement(FRAME);
  frame.setAttribute('theme', theme);
  frame.style.width = `${String(widthPx)}px`;
  const table = document.createElement('lumina-table');
  const labels = view.series.map(({ value }, place) => ({ name: NAMES[Number(value.slice(1))] ?? value, place }));
  Object.assign(table, { view, labels, heading: 'All queues', locale: 'en-GB', theme, options });
  frame.shadowRoot?.append(table);
  document.body.append(frame);
  frames.push(frame);
  await table.updateComplete;
  return table;
}

function all(table: LuminaTable, selector: string): readonly HTMLElement[] {
  return [...(table.shadowRoot?.querySelectorAll<HTMLElement>(selector) ?? [])];
}

function texts(table: LuminaTable, selector: string): readonly string[] {
  return all(table, selector).map(({ textContent }) => textContent.replaceAll(/\s+/gu, ' ').trim());
}

const names = (table: LuminaTable): readonly string[] => texts(table, 'tbody .name');

function header(table: LuminaTable, title: string): HTMLElement {
  const found = all(table, 'thead button').find(({ textContent }) => textContent.trim().startsWith(title));
  if (found === undefined) throw new Error(`There is no column ${title}.`);
  return found;
}

async function press(table: LuminaTable, key: string): Promise<void> {
  const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true });
  table.shadowRoot?.activeElement?.dispatchEvent(event);
  await new Promise((resolve) => {
    requestAnimationFrame(resolve);
  });
  await table.updateComplete;
}

afterEach(async () => {
  for (const frame of frames.splice(0)) frame.remove();
  await useLanguageOf('en');
});

describe('lumina-table: accessibility', () => {
  const cases: readonly (readonly [string, TileView, WidgetOptions])[] = [
    ['plain', viewOf(USUAL), {}],
    [
      'with everything',
      viewOf(USUAL, true),
      {
        hasSparkline: true,
        sortBy: 'queue_depth',
        limit: 2,
        thresholds: [
          { from: 0, tone: 'critical' },
          { from: 70, tone: 'warning' },
          { from: 80, tone: 'good' },
          { from: 99, tone: 'info' },
        ],
      },
    ],
    ['without rows', { ...viewOf([]), hasValues: false }, {}],
  ];
  for (const theme of ['light', 'dark', 'contrast'] as const) {
    for (const [name, view, options] of cases) {
      it(`${name}, ${theme}`, async () => {
        const table = await tableOf(view, options, { theme });
        await expect(table).to.be.accessible();
        table.muted = true;
        await table.updateComplete;
        await expect(table).to.be.accessible();
      });
    }
  }
});

describe('lumina-table: cells', () => {
  it('has a row per group, a column per metric, and no zero where nothing is known', async () => {
    const table = await tableOf(viewOf(USUAL));
    expect(texts(table, 'thead th')).to.deep.equal(['Queue', 'Service level %', 'Waiting', 'Wait']);
    expect(names(table)).to.deep.equal(NAMES);
    expect(texts(table, 'tbody td .number')).to.deep.equal([
      ...['82.4', '3', '41 s'],
      ...['61.0', '0', '2:05 min'],
      ...['–no data', '–no data', '–no data'],
      ...['75.0', '1,234,567', '0.004 s'],
    ]);
    expect(all(table, 'tbody th[scope="row"]')).to.have.length(4);
    expect(all(table, 'caption')[0]?.textContent.trim()).to.equal('All queues');
  });

  it('has a row per metric where nothing is grouped', async () => {
    const { series, ...view } = viewOf([[82.4, 3, 41]]);
    const plain = series.map((one) => ({ ...one, dimension: '', value: '', group: {} }));
    const table = await tableOf({ ...view, series: plain });
    expect(texts(table, 'thead th')).to.deep.equal(['Metric', 'Value']);
    expect(texts(table, 'tbody tr')).to.deep.equal(['Service level 82.4 %', 'Waiting 3', 'Wait 41 s']);
    expect(all(table, 'tbody button')).to.have.length(0);
  });

  it('shows a tone as sign, word and colour, in the first column', async () => {
    const thresholds: WidgetOptions['thresholds'] = [
      { from: 0, tone: 'critical' },
      { from: 80, tone: 'good' },
    ];
    const table = await tableOf(viewOf(USUAL), { thresholds });
    expect(texts(table, '.tone .word')).to.deep.equal(['Good', 'Critical', 'Critical']);
    expect(all(table, '.tone svg')).to.have.length(3);
    const [good, critical] = all(table, 'td.good .number, td.critical .number').map(
      (cell) => getComputedStyle(cell).color,
    );
    expect(good).not.to.equal(critical);
  });

  it('keeps the words of tones for readers of screens where it is narrow, and scrolls inside itself', async () => {
    const table = await tableOf(viewOf(USUAL, true), { thresholds: [{ from: 0, tone: 'good' }] }, { widthPx: 320 });
    expect(all(table, '.tone .word')[0]?.getBoundingClientRect().width).to.equal(1);
    const scroller = all(table, '.scroller')[0];
    expect((scroller?.scrollWidth ?? 0) > (scroller?.clientWidth ?? 0)).to.equal(true);
    const left = (): number => Math.round(all(table, 'tbody th')[0]?.getBoundingClientRect().left ?? 0);
    const before = left();
    if (scroller !== undefined) scroller.scrollLeft = 100;
    expect(left()).to.equal(before);
    expect(document.documentElement.scrollWidth).to.be.at.most(document.documentElement.clientWidth);
  });

  it('says how values changed, in words as well', async () => {
    const table = await tableOf(viewOf(USUAL, true));
    const [level, depth] = all(table, 'tbody .delta');
    expect(level?.title).to.match(/^up .* vs yesterday$/u);
    expect([level?.classList.contains('better'), depth?.classList.contains('worse')]).to.deep.equal([true, true]);
  });

  it('gives its contents as rows of text', async () => {
    const table = await tableOf(viewOf(USUAL), { limit: 1 });
    expect(table.toTable()).to.deep.equal({
      caption: 'All queues',
      columns: ['Queue', 'Service level', 'Waiting', 'Wait'],
      rows: [
        ['Sales', '82.4 %', '3', '41 s'],
        ['Support', '61 %', '0', '2:05 min'],
        ['Billing', '–', '–', '–'],
        ['Priority customers, all of Europe, day team', '75 %', '1,234,567', '0.004 s'],
      ],
    });
  });

  it('speaks German', async () => {
    const table = await tableOf(viewOf(USUAL), { limit: 1 });
    await useLanguageOf('de');
    await table.updateComplete;
    expect(texts(table, 'thead th')[0]).to.equal('Warteschlange');
    expect(texts(table, '.more')).to.deep.equal(['3 weitere zeigen']);
  });
});

describe('lumina-table: sorting', () => {
  it('follows its options, and then the headers', async () => {
    const table = await tableOf(viewOf(USUAL), { sortBy: 'queue_depth' });
    expect(names(table).map((name) => name.slice(0, 3))).to.deep.equal(['Pri', 'Sal', 'Sup', 'Bil']);
    expect(header(table, 'Waiting').closest('th')?.ariaSort).to.equal('descending');
    header(table, 'Waiting').click();
    await table.updateComplete;
    expect(names(table).map((name) => name.slice(0, 3))).to.deep.equal(['Sup', 'Sal', 'Pri', 'Bil']);
    expect(header(table, 'Waiting').closest('th')?.ariaSort).to.equal('ascending');
    header(table, 'Queue').click();
    await table.updateComplete;
    expect(names(table).map((name) => name.slice(0, 3))).to.deep.equal(['Bil', 'Pri', 'Sal', 'Sup']);
    expect(all(table, 'th[aria-sort="none"]')).to.have.length(3);
  });

  it('keeps rows and their elements under new values while somebody stands in the table', async () => {
    const table = await tableOf(viewOf(USUAL), { sortBy: 'queue_depth' });
    const rows = all(table, 'tbody tr');
    all(table, 'tbody button')[1]?.focus();
    table.view = viewOf([[82.4, 3_000_000, 41], ...USUAL.slice(1)]);
    await table.updateComplete;
    expect(names(table).map((name) => name.slice(0, 3))).to.deep.equal(['Pri', 'Sal', 'Sup', 'Bil']);
    expect(all(table, 'tbody tr').every((row, at) => row === rows[at])).to.equal(true);
    (table.shadowRoot?.activeElement as HTMLElement).blur();
    table.view = viewOf([[82.4, 3_000_000, 41], ...USUAL.slice(1)]);
    await table.updateComplete;
    expect(names(table).map((name) => name.slice(0, 3))).to.deep.equal(['Sal', 'Pri', 'Sup', 'Bil']);
    expect(all(table, 'tbody tr')[0] === rows[1]).to.equal(true);
  });
});

describe('lumina-table: picking and limit', () => {
  it('tells which row was pressed', async () => {
    const table = await tableOf(viewOf(USUAL));
    const told = oneEvent(table, 'luminaselect');
    all(table, 'tbody tr')[1]?.querySelector('td')?.click();
    expect((await told).detail).to.deep.equal({
      dimension: 'queue_id',
      value: 'q1',
      range: { from: '2026-03-01T11:00:00.000Z', to: '2026-03-01T12:00:00.000Z' },
    });
  });

  it('is one stop of the Tab key, with arrow keys from row to row', async () => {
    const table = await tableOf(viewOf(USUAL));
    expect(all(table, 'tbody button').map(({ tabIndex }) => tabIndex)).to.deep.equal([0, -1, -1, -1]);
    all(table, 'tbody button')[0]?.focus();
    await press(table, 'ArrowDown');
    await press(table, 'ArrowDown');
    expect(table.shadowRoot?.activeElement?.textContent.trim()).to.equal('Billing');
    expect(all(table, 'tbody button').map(({ tabIndex }) => tabIndex)).to.deep.equal([-1, -1, 0, -1]);
    await press(table, 'End');
    expect(table.shadowRoot?.activeElement?.textContent.trim()).to.match(/^Priority/u);
    await press(table, 'Home');
    expect(table.shadowRoot?.activeElement?.textContent.trim()).to.equal('Sales');
  });

  it('shows no more rows than its limit until asked', async () => {
    const table = await tableOf(viewOf(USUAL), { limit: 3 });
    expect([names(table).length, texts(table, '.more')[0]]).to.deep.equal([3, 'Show 1 more']);
    all(table, '.more')[0]?.click();
    await table.updateComplete;
    expect([names(table).length, all(table, '.more').length]).to.deep.equal([4, 0]);
  });

  it('holds only what is in sight of five hundred rows, and says how many there are', async () => {
    const table = await tableOf(viewOf(Array.from({ length: 500 }, (_, at) => [at % 100, at, at])));
    await press(table, 'none');
    expect(all(table, 'tr.row').length).to.be.at.most(90);
    expect(all(table, 'table')[0]?.getAttribute('aria-rowcount')).to.equal('501');
    const scroller = all(table, '.scroller')[0];
    expect(scroller?.scrollHeight ?? 0).to.be.greaterThan(500 * 30);
    all(table, 'tbody button')[0]?.focus();
    await press(table, 'End');
    expect(table.shadowRoot?.activeElement?.textContent.trim()).to.equal('q499');
    expect(all(table, 'tr.row').length).to.be.at.most(90);
    expect(all(table, 'tr.row').at(-1)?.getAttribute('aria-rowindex')).to.equal('501');
  });
});
