import { expect } from '@open-wc/testing';
import '../../define/lumina-stat.ts';
import { chartCount } from '../../charts/testing/chart-count.ts';
import { KindFixture, find, seriesOf, texts, viewOf } from '../kind/testing/kind-fixture.ts';
import { comparisonOf } from './comparison.ts';
import type { LuminaStat } from './stat.ts';

const fixture = new KindFixture();
const THRESHOLDS = [
  { from: 0, tone: 'critical' },
  { from: 70, tone: 'warning' },
  { from: 85, tone: 'good' },
] as const;

function level(total: number | null, more: Parameters<typeof seriesOf>[2] = {}): Partial<LuminaStat> {
  const series = seriesOf('', 80, { metric: 'queue_service_level', unit: '%', better: 'higher', total, ...more });
  return { view: viewOf([series], { compare: '1d' }), labels: [{ name: 'Total', place: 0 }] };
}

const mount = (inputs: Partial<LuminaStat>, box = {}): Promise<LuminaStat> =>
  fixture.mount<LuminaStat>('lumina-stat', inputs, { widthPx: 240, heightPx: 160, ...box });

afterEach(() => {
  fixture.clear();
});

describe('lumina-stat: accessibility', () => {
  for (const theme of ['light', 'dark', 'contrast'] as const) {
    it(`holds in ${theme}: a tone, a comparison and a target`, async () => {
      const inputs = { ...level(78.4, { compareTotal: 81 }), options: { thresholds: [...THRESHOLDS], target: 85 } };
      await expect(await mount(inputs, { theme })).to.be.accessible();
    });
    it(`holds in ${theme}: no data, and a value that is not current`, async () => {
      await expect(await mount(level(null), { theme })).to.be.accessible();
      await expect(await mount({ ...level(91, { compareTotal: 90 }), muted: true }, { theme })).to.be.accessible();
    });
  }
});

describe('lumina-stat', () => {
  it('says the tone in a word, with a sign', async () => {
    const stat = await mount({ ...level(78.4), options: { thresholds: [...THRESHOLDS] } });
    expect(texts(stat, '.tone')).to.deep.equal(['Warning']);
    expect(find(stat, '.tone svg')).to.not.equal(undefined);
  });

  it('compares: direction, size, verdict and with what', async () => {
    const stat = await mount(level(78.4, { compareTotal: 81 }));
    expect(texts(stat, '.comparison')).to.deep.equal(['−2.6 ppworsevs yesterday']);
    expect(find(stat, '.comparison')?.className).to.contain('worse');
  });

  it('takes good and bad from the metric alone', () => {
    const verdict = (better: 'higher' | 'lower' | 'neutral', value: number): string | undefined =>
      comparisonOf(value, 10, 'count', better, 'en')?.verdict;
    expect([verdict('higher', 12), verdict('lower', 12), verdict('neutral', 12)]).to.deep.equal([
      'better',
      'worse',
      'neutral',
    ]);
    expect(comparisonOf(10, 10, 'count', 'higher', 'en')).to.deep.equal({
      trend: 'same',
      verdict: 'neutral',
      text: '±0',
    });
    expect(comparisonOf(null, 10, 'count', 'higher', 'en')).to.equal(undefined);
    expect(comparisonOf(205, 80, 's', 'lower', 'en')?.text).to.equal('+2:05 min');
  });

  it('fades in a value that changed, and neither the first nor the same', async () => {
    const stat = await mount(level(78.4));
    const running = (): number => find(stat, '.value')?.getAnimations().length ?? -1;
    expect(running()).to.equal(0);
    Object.assign(stat, level(78.4));
    await stat.updateComplete;
    expect(running()).to.equal(0);
    Object.assign(stat, level(79));
    await stat.updateComplete;
    expect(running()).to.equal(matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : 1);
  });

  it('takes what reads the same as no difference', () => {
    expect(comparisonOf(80.01, 80.02, '%', 'higher', 'en')?.trend).to.equal('same');
    expect(comparisonOf(0.004, 0, '%', 'lower', 'en')?.text).to.equal('+0.004 pp');
  });

  it('shows a dash and a reason instead of a zero', async () => {
    const stat = await mount(level(null, { points: [] }));
    expect(texts(stat, '.number')).to.deep.equal(['–']);
    expect(texts(stat, '.reason')).to.deep.equal(['No data in this period']);
    expect(find(stat, 'canvas')).to.equal(undefined);
  });

  it('shows long durations in two units', async () => {
    const duration = (total: number): Partial<LuminaStat> =>
      level(total, { unit: 's', metric: 'call_duration', better: 'neutral' });
    expect(texts(await mount(duration(205)), '.number, .unit')).to.deep.equal(['3', 'min', '25', 's']);
    expect(texts(await mount(duration(5025)), '.number, .unit')).to.deep.equal(['1', 'h', '23', 'min']);
    expect(texts(await mount(duration(4.2)), '.number, .unit')).to.deep.equal(['4.2', 's']);
  });

  it('never lets a number overflow, in any density and width', async () => {
    for (const density of ['comfortable', 'compact', 'wall'] as const) {
      for (const widthPx of [90, 140, 240]) {
        const stat = await mount({ ...level(1_234_567, { unit: 'count' }), density }, { widthPx });
        const value = find(stat, '.value');
        expect(value?.scrollWidth, `${density} ${String(widthPx)}`).to.be.at.most(value?.clientWidth ?? 0);
      }
    }
    expect(texts(await mount(level(0.004, { unit: 'count' })), '.number')).to.deep.equal(['0.004']);
  });

  it('names further metrics small below', async () => {
    const calls = seriesOf('', 30, { total: 312 });
    const wait = seriesOf('', 20, { metric: 'queue_wait_time', unit: 's', total: 23 });
    const stat = await mount({ view: viewOf([calls, wait]) });
    expect(texts(stat, 'dl')).to.deep.equal(['Wait time 23 s'.replace('Wait time', texts(stat, 'dt')[0] ?? '')]);
    expect(stat.toTable().rows.length).to.equal(2);
  });

  it('leaves the sparkline out where it has no room or is not wanted', async () => {
    expect(find(await mount(level(80)), 'canvas')).to.not.equal(undefined);
    expect(find(await mount(level(80), { heightPx: 70 }), 'canvas')).to.equal(undefined);
    expect(find(await mount({ ...level(80), options: { hasSparkline: false } }), 'canvas')).to.equal(undefined);
  });

  it('frees its chart when it leaves the page, and draws again when it comes back', async () => {
    const before = chartCount();
    const stat = await mount(level(80));
    expect(chartCount()).to.equal(before + 1);
    const parent = stat.parentElement;
    stat.remove();
    expect(chartCount()).to.equal(before);
    parent?.append(stat);
    await fixture.drawn();
    expect(chartCount()).to.equal(before + 1);
  });
});
