import type { Threshold } from '@lumina/contracts';

/** One bar, or several side by side or on top of each other. */
export interface Bar {
  readonly values: readonly (number | null)[];
  readonly colours: readonly string[];
  /** Texts above the bars, one each; where they are stacked one for all; none where there is no room. */
  readonly valueTexts: readonly string[];
  readonly compared: number | null | undefined;
  /** Drawn lighter: a bucket that is still filling. */
  readonly isOpen: boolean;
}

/** A text below the bars. */
export interface BarTick {
  /** Place on the axis, in bars from 0; may lie between two. */
  readonly at: number;
  readonly text: string;
}

/** Everything a bar chart draws. */
export interface BarChartView {
  readonly bars: readonly Bar[];
  /** Bars at one place. */
  readonly depth: number;
  readonly ticks: readonly BarTick[];
  readonly isLying: boolean;
  readonly isStacked: boolean;
  /** Whether values can be read off an axis; else they stand beside the bars. */
  readonly hasAxis: boolean;
  readonly isMuted: boolean;
  readonly highlight: number | undefined;
  readonly unit: string;
  readonly min: number | undefined;
  readonly max: number | undefined;
  readonly target: number | undefined;
  readonly thresholds: readonly Threshold[] | undefined;
  readonly scaleKey: string;
  /** Size of the texts on the canvas. */
  readonly textPx: number;
  readonly formatTick: (value: number) => string;
}
