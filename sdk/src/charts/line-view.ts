import type { Threshold } from '@lumina/contracts';
import type { Point } from './decimate.ts';
import { stackSeries } from './stack-series.ts';

/** `plot` has axes, `spark` is the bare line at the edge of a number. */
export type LineChartMode = 'plot' | 'spark';

/** One line. */
export interface LineSeries {
  /** Stable over views. */
  readonly key: string;
  /** What the line is about; a line and the one it is compared with have this in common. */
  readonly entity: string;
  readonly colour: string;
  /** Place in the palette, which decides the dashes where colours are not enough. */
  readonly place: number;
  readonly points: readonly Point[];
  /** 0 for the axis at the left, 1 for the one of the second unit at the right. */
  readonly axis: 0 | 1;
  /** The same in an earlier range, drawn lighter. */
  readonly isCompared: boolean;
}

/** Everything a line chart draws. */
export interface LineChartView {
  readonly series: readonly LineSeries[];
  readonly fromMs: number;
  readonly toMs: number;
  /** Start of the bucket that is still filling; drawn dashed. */
  readonly openFromMs: number | undefined;
  readonly unit: string;
  readonly secondUnit: string | undefined;
  readonly timeZone: string;
  readonly target: number | undefined;
  readonly thresholds: readonly Threshold[] | undefined;
  readonly min: number | undefined;
  readonly max: number | undefined;
  /** While this stays the same the axis does not jump. */
  readonly scaleKey: string;
  readonly isArea: boolean;
  readonly isStacked: boolean;
  /** Set while the lines may not be read as current: they fade, the axes stay readable. */
  readonly isMuted: boolean;
  /** The entity that stands out; the others step back. */
  readonly highlight: string | undefined;
  /** Size of the texts on the canvas. */
  readonly textPx: number;
  readonly formatTick: (value: number, axis: 0 | 1) => string;
  readonly formatTime: (epochMs: number) => string;
}

const stackedOf = new WeakMap<readonly LineSeries[], readonly LineSeries[]>();

/** The lines to draw, front ones first: stacked where asked for, compared ones behind. */
export function linesOf(view: LineChartView): readonly LineSeries[] {
  if (!view.isStacked) return [...view.series].sort((a, b) => Number(a.isCompared) - Number(b.isCompared));
  const known = stackedOf.get(view.series);
  if (known !== undefined) return known;
  const own = view.series.filter(({ isCompared, axis }) => !isCompared && axis === 0);
  const stacked = stackSeries(own.map(({ points }) => points));
  const lines = own.map((series, index) => ({ ...series, points: stacked[index] ?? series.points }));
  stackedOf.set(view.series, lines);
  return lines;
}
