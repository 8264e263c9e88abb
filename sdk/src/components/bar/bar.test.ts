import { expect } from '@open-wc/testing';
import '../../define/lumina-bar.ts';
import { chartCount } from '../../charts/testing/chart-count.ts';
import { KindFixture, QUEUE_NAMES, find, heard, press, seriesOf, texts, viewOf } from '../kind/testing/kind-fixture.ts';
import type { LuminaBar } from './bar.ts';

const fixture = new KindFixture();

function queues(count: number): Partial<LuminaBar> {
  const names = Array.from({ length: count }, (_unused, index) => QUEUE_NAMES[index] ?? `Queue ${String(index)}`);
  return {
    view: viewOf(names.map((name, index) => seriesOf(name, 5 + index * 3))),
    labels: names.map((name, place) => ({ name, place: place % 8 })),
  };
}

const mount = (inputs: Partial<LuminaBar>, box = {}): Promise<LuminaBar> =>
  fixture.mount<LuminaBar>('lumina-bar', inputs, box);

afterEach(() => {
  fixture.clear();
});

describe('lumina-bar: accessibility', () => {
  const thresholds = [{ from: 100, tone: 'critical' } as const];
  for (const theme of ['light', 'dark', 'contrast'] as const) {
    it(`holds in ${theme}: lying, upright with a card, over time, not current`, async () => {
      await expect(await mount({ ...queues(4), options: { thresholds } }, { theme })).to.be.accessible();
      const upright = await mount({ ...queues(3), options: { orientation: 'vertical' } }, { theme });
      press(upright, 'ArrowRight');
      await fixture.drawn();
      await expect(upright).to.be.accessible();
      const overTime = { view: viewOf([seriesOf('', 12)]), labels: [{ name: 'Total', place: 0 }], muted: true };
      await expect(await mount(overTime, { theme })).to.be.accessible();
    });
  }

  it('is named by its bars, largest first, with their tones', async () => {
    const bar = await mount({ ...queues(3), options: { thresholds } });
    expect(find(bar, '.plot')?.ariaLabel).to.equal('Calls, bar chart: Billing 110 (Critical), Support 80, Sales 50');
  });
});

describe('lumina-bar', () => {
  it('lays bars down for long names, beside names and values', async () => {
    const bar = await mount(queues(4));
    expect(texts(bar, '.names li')).to.deep.equal([QUEUE_NAMES[3], 'Billing', 'Support', 'Sales']);
    expect(texts(bar, '.values li')).to.deep.equal(['140', '110', '80', '50']);
    const name = find(bar, '.names li');
    const values = find(bar, '.values li');
    expect(name?.getBoundingClientRect().top).to.equal(values?.getBoundingClientRect().top);
  });

  it('stands short ones upright, and lays them down when the tile gets narrow', async () => {
    const bar = await mount(queues(3));
    expect(find(bar, '.plot')?.className).to.contain('upright');
    if (bar.parentElement !== null) bar.parentElement.style.width = '150px';
    await fixture.drawn();
    expect(find(bar, '.plot')?.className).to.contain('lying');
    expect(texts(bar, '.names li').length).to.equal(3);
  });

  it('hides what has no room or lies beyond the limit, and counts it', async () => {
    const limited = await mount({ ...queues(4), options: { limit: 3 } });
    expect(texts(limited, '.notes')).to.deep.equal(['1 more']);
    const full = await mount(queues(24));
    const shown = texts(full, '.names li').length;
    expect(shown).to.be.within(5, 12);
    expect(texts(full, '.notes')).to.deep.equal([`${String(24 - shown)} more`]);
  });

  it('draws on its canvas', async () => {
    const canvas = find(await mount(queues(4)), 'canvas') as HTMLCanvasElement;
    const pixels = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
    expect(pixels.some((value) => value > 0)).to.equal(true);
  });

  it('tells the page which bar was picked', async () => {
    const bar = await mount(queues(3));
    const picked = heard(bar, 'luminaselect');
    press(bar, 'ArrowRight');
    press(bar, 'ArrowRight');
    press(bar, 'Enter');
    expect(picked).to.deep.equal([
      {
        dimension: 'queue_id',
        value: 'Support',
        range: { from: '2026-11-25T14:00:20.000Z', to: '2026-11-25T14:30:20.000Z' },
      },
    ]);
  });

  it('shows buckets where nothing is grouped, and picks the stretch of one', async () => {
    const bar = await mount({ view: viewOf([seriesOf('', 12)]), labels: [{ name: 'Total', place: 0 }] });
    const picked = heard(bar, 'luminaselect');
    press(bar, 'ArrowLeft');
    await fixture.drawn();
    expect(texts(bar, '.card p')).to.deep.equal(['14:30:00 still filling']);
    press(bar, 'Enter');
    expect(picked).to.deep.equal([
      { dimension: '', value: '', range: { from: '2026-11-25T14:30:00.000Z', to: '2026-11-25T14:31:00.000Z' } },
    ]);
    press(bar, 'Escape');
    await fixture.drawn();
    expect(find(bar, '.card')).to.equal(undefined);
  });

  it('names metrics that cannot share the axis', async () => {
    const wait = seriesOf('Sales', 20, { metric: 'queue_wait_time', unit: 's' });
    const bar = await mount({
      view: viewOf([seriesOf('Sales', 5), wait]),
      labels: [
        { name: 'Sales', place: 0 },
        { name: 'Sales', place: 0 },
      ],
    });
    expect(texts(bar, '.notes')[0]).to.match(/^Not drawn, other unit: /u);
  });

  it('tells its contents as a table, the hidden ones included', async () => {
    const bar = await mount(queues(24));
    expect(bar.toTable().rows.length).to.equal(24);
    expect(bar.toTable().rows[0]).to.deep.equal(['Queue 23', '740']);
  });

  it('frees its chart when it leaves the page', async () => {
    const before = chartCount();
    const bar = await mount(queues(4));
    expect(chartCount()).to.equal(before + 1);
    bar.remove();
    expect(chartCount()).to.equal(before);
  });
});
