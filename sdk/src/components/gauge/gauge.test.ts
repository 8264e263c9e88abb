import { expect } from '@open-wc/testing';
import '../../define/lumina-gauge.ts';
import { KindFixture, find, seriesOf, texts, viewOf } from '../kind/testing/kind-fixture.ts';
import type { LuminaGauge } from './gauge.ts';

const fixture = new KindFixture();
const THRESHOLDS = [
  { from: 0, tone: 'critical' },
  { from: 70, tone: 'warning' },
  { from: 85, tone: 'good' },
] as const;
const OPTIONS = { thresholds: [...THRESHOLDS], target: 85 };

function level(total: number | null): Partial<LuminaGauge> {
  const series = seriesOf('', 80, { metric: 'queue_service_level', unit: '%', better: 'higher', total });
  return { view: viewOf([series]), heading: 'Service level' };
}

const mount = (inputs: Partial<LuminaGauge>, box = {}): Promise<LuminaGauge> =>
  fixture.mount<LuminaGauge>('lumina-gauge', inputs, { widthPx: 260, heightPx: 190, ...box });

afterEach(() => {
  fixture.clear();
});

describe('lumina-gauge: accessibility', () => {
  for (const theme of ['light', 'dark', 'contrast'] as const) {
    it(`holds in ${theme}, with and without data`, async () => {
      await expect(await mount({ ...level(78.4), options: OPTIONS }, { theme })).to.be.accessible();
      await expect(await mount({ ...level(null), options: OPTIONS }, { theme })).to.be.accessible();
      await expect(await mount({ ...level(78.4), options: OPTIONS, muted: true }, { theme })).to.be.accessible();
    });
  }

  it('is named by its value, tone, target and scale', async () => {
    const gauge = await mount({ ...level(78.4), options: OPTIONS });
    expect(find(gauge, '.dial')?.ariaLabel).to.equal('Service level: 78.4 %, Warning, target 85 %, scale 0 % – 100 %');
    const empty = await mount({ ...level(null), options: { target: 85 } });
    expect(find(empty, '.dial')?.ariaLabel).to.contain('No data in this period');
  });
});

describe('lumina-gauge', () => {
  it('draws track, value and target', async () => {
    const gauge = await mount({ ...level(78.4), options: OPTIONS });
    expect(gauge.shadowRoot?.querySelectorAll('.track').length).to.equal(3);
    expect(find(gauge, '.arc')?.getAttribute('d')).to.match(/^M.+A88/u);
    expect(find(gauge, '.target')?.getAttribute('d')).to.match(/^M.+L/u);
    expect(texts(gauge, '.end')).to.deep.equal(['0 %', '100 %']);
    expect(texts(gauge, '.goal')).to.deep.equal(['Target 85 %']);
  });

  it('moves its arc in place when the value changes', async () => {
    const gauge = await mount({ ...level(20), options: OPTIONS });
    const arc = find(gauge, '.arc');
    const before = arc?.getAttribute('d');
    Object.assign(gauge, level(95));
    await fixture.drawn();
    expect(find(gauge, '.arc')).to.equal(arc);
    expect(arc?.getAttribute('d')).to.not.equal(before);
    expect(texts(gauge, '.tone')).to.deep.equal(['Good']);
  });

  it('draws no value where there is none', async () => {
    const gauge = await mount({ ...level(null), options: OPTIONS });
    expect(find(gauge, '.arc')?.getAttribute('d')).to.equal('');
    expect(texts(gauge, '.number')).to.deep.equal(['–']);
  });

  it('is a stat where nothing gives an arc a meaning', async () => {
    const gauge = await mount(level(78.4));
    expect(find(gauge, 'lumina-stat')).to.not.equal(undefined);
    expect(find(gauge, '.dial')).to.equal(undefined);
  });

  it('keeps its number inside the arc', async () => {
    const big = viewOf([seriesOf('', 80, { total: 1_234_567 })]);
    for (const box of [
      { widthPx: 150, heightPx: 120 },
      { widthPx: 260, heightPx: 190 },
    ]) {
      const gauge = await mount({ view: big, options: { target: 1_000_000 } }, box);
      const value = find(gauge, '.value');
      expect(value?.scrollWidth).to.be.at.most(value?.clientWidth ?? 0);
    }
  });

  it('shows the whole of its target below a small dial', async () => {
    const gauge = await mount({ ...level(78.4), options: OPTIONS }, { widthPx: 240, heightPx: 110 });
    const goal = find(gauge, '.goal');
    expect(goal?.scrollWidth).to.be.at.most(goal?.clientWidth ?? 0);
  });

  it('tells its contents as a table', async () => {
    const gauge = await mount({ ...level(78.4), options: OPTIONS });
    expect(gauge.toTable().rows).to.deep.equal([
      ['Service level', '78.4 %'],
      ['Target', '85 %'],
    ]);
  });
});
