import type { WidgetOptions } from '@lumina/contracts';
import type { TileView } from '../../client/tile-view.ts';
import type { Bar, BarChartView, BarTick } from '../../charts/bar-view.ts';
import { bucketMs, fittedName } from '../../charts/bar-groups.ts';
import type { BarGroup, BarGroups } from '../../charts/bar-groups.ts';
import type { ResolvedColours } from '../../charts/chart-theme.ts';
import { toneOf } from '../../charts/thresholds.ts';
import { timeTicks } from '../../charts/time-ticks.ts';
import { formatTime, formatValueText } from '../../i18n/format.ts';
import type { Density } from '../../theme/tokens.ts';
import { textPxOf } from '../kind/text-size.ts';
import { tickText } from '../kind/tick-text.ts';
import { timePrecision } from '../kind/tile-time.ts';

/** What a bar chart is made of. */
export interface BarInputs {
  readonly view: TileView;
  readonly bars: BarGroups;
  readonly options: WidgetOptions;
  readonly locale: string;
  readonly isMuted: boolean;
  readonly density: Density;
  readonly isLying: boolean;
  readonly widthPx: number;
  readonly highlight: number | undefined;
  readonly placeOf: (index: number) => number;
  readonly colours: ResolvedColours;
}

const PALETTE_SIZE = 8;
const PX_PER_TIME_TICK = 72;
const CHAR_PX = 7;
const LABEL_GAP_PX = 4;
/** The part of a place that texts above its bars may take. */
const TEXT_SHARE = 0.9;
const SIGNS = { critical: '▲ ', warning: '! ', good: '', info: '' } as const;

/** Turns what a tile is given into what the chart draws. */
export function barChartView(inputs: BarInputs): BarChartView {
  const { view, bars, options, locale, isLying } = inputs;
  const { target } = options;
  const isStacked = options.isStacked === true && bars.metrics.length > 1;
  const texts = bars.groups.map((group) => valueTexts(group, inputs, isStacked));
  const slotPx = inputs.widthPx / Math.max(1, bars.groups.length);
  const textPx = (slotPx * TEXT_SHARE) / (isStacked ? 1 : Math.max(1, bars.metrics.length));
  const hasTexts = !bars.isOverTime && texts.flat().every((text) => text.length * CHAR_PX + LABEL_GAP_PX <= textPx);
  return {
    bars: bars.groups.map((group, index) => barOf(group, inputs, hasTexts ? (texts[index] ?? []) : [])),
    depth: bars.metrics.length,
    ticks: isLying ? [] : bars.isOverTime ? instants(inputs) : names(bars.groups, slotPx),
    isLying,
    isStacked,
    hasAxis: !isLying && !hasTexts,
    isMuted: inputs.isMuted,
    highlight: inputs.highlight,
    unit: view.unit,
    min: options.min,
    max: options.max,
    target,
    thresholds: options.thresholds,
    scaleKey: [...bars.metrics.map(({ id }) => id), isStacked, options.min, options.max].join(' '),
    textPx: textPxOf(inputs.density),
    formatTick: (value) => tickText(value, view.unit, locale),
  };
}

function valueTexts(
  group: BarGroup,
  { view, options, bars, locale }: BarInputs,
  isStacked: boolean,
): readonly string[] {
  if (isStacked) {
    const known = group.values.filter((value) => value !== null);
    const sum = known.length === 0 ? null : known.reduce((total, one) => total + one, 0);
    return [formatValueText(sum, view.unit, locale)];
  }
  return group.values.map((value) => {
    const tone = bars.metrics.length === 1 ? toneOf(value, options.thresholds) : undefined;
    return `${tone === undefined ? '' : SIGNS[tone]}${formatValueText(value, view.unit, locale)}`;
  });
}

function barOf(group: BarGroup, inputs: BarInputs, texts: readonly string[]): Bar {
  const { values, compared, isOpen } = group;
  return { values, compared, isOpen, valueTexts: texts, colours: values.map((_v, at) => colourOf(group, at, inputs)) };
}

function colourOf(group: BarGroup, at: number, inputs: BarInputs): string {
  const { bars, colours, options } = inputs;
  const tone = bars.metrics.length === 1 ? toneOf(group.values[0], options.thresholds) : undefined;
  if (tone !== undefined) return colours.chart.tones[tone];
  return colours.series[barPlace(group, at, bars, inputs.placeOf) % PALETTE_SIZE] ?? '';
}

/**
 * The place in the palette of one bar. Several metrics take one each. A group keeps its colour as on every tile, unless
 * there are more groups than colours: then colours would say nothing, and all have one.
 */
export function barPlace(group: BarGroup, at: number, bars: BarGroups, placeOf: (index: number) => number): number {
  if (bars.metrics.length > 1) return at;
  const hasOwnColours = bars.groups.length + bars.hiddenCount <= PALETTE_SIZE;
  return group.seriesIndex === undefined || !hasOwnColours ? 0 : placeOf(group.seriesIndex);
}

function names(groups: readonly BarGroup[], slotPx: number): readonly BarTick[] {
  return groups.map(({ name }, at) => ({ at, text: fittedName(name, slotPx - LABEL_GAP_PX) }));
}

function instants({ view, bars, locale, widthPx }: BarInputs): readonly BarTick[] {
  const firstMs = bars.groups[0]?.fromMs ?? view.fromMs;
  const stepMs = bucketMs(bars.groups);
  const limit = Math.max(2, Math.floor(widthPx / PX_PER_TIME_TICK));
  const precision = timePrecision(view);
  return timeTicks(firstMs, firstMs + bars.groups.length * stepMs, limit, view.timeZone).map((atMs) => ({
    at: (atMs - firstMs) / stepMs - 0.5,
    text: formatTime(atMs, locale, view.timeZone, precision),
  }));
}
