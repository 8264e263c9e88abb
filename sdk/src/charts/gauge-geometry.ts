import type { Tone, WidgetOptions } from '@lumina/contracts';
import { toneBands, toneOf } from './thresholds.ts';

/** An arc as the path of an SVG element. */
export interface GaugeArc {
  readonly path: string;
  readonly tone: Tone | undefined;
}

/** All shapes of a gauge in a box of {@link GAUGE_WIDTH} by {@link GAUGE_HEIGHT}. */
export interface GaugeShapes {
  readonly min: number;
  readonly max: number;
  /** The whole scale, cut where a threshold begins. */
  readonly track: readonly GaugeArc[];
  /** The whole way of the value, to be drawn below it. */
  readonly ground: string;
  /** From the least value to the current one; empty for no value. */
  readonly value: string;
  readonly tone: Tone | undefined;
  /** A tick across the track at the target; empty without one in the scale. */
  readonly target: string;
  /** Whether the value lies beyond an end of the scale. */
  readonly isBeyond: boolean;
}

/** Size of the box that the shapes are drawn in. */
export const GAUGE_WIDTH = 200;
/** Height of that box: the arc leaves 120 degrees open at the bottom. */
export const GAUGE_HEIGHT = 158;

const CENTRE = { x: 100, y: 104 } as const;
const RADIUS = 88;
const TRACK_RADIUS = 98;
const SWEEP_DEG = 240;
const START_DEG = -120;
const TICK_FROM = 78;
const TICK_TO = 102;

/** Whether a gauge says more than a number: it needs an end of the scale, a target or thresholds. */
export function hasScale(options: WidgetOptions): boolean {
  const { target, thresholds, max } = options;
  return target !== undefined || max !== undefined || (thresholds?.length ?? 0) > 0;
}

/** The ends of the scale: those given, else 0 and a round value above all that has to be seen. */
export function gaugeScale(value: number | null, options: WidgetOptions, unit: string): { min: number; max: number } {
  const min = options.min ?? 0;
  if (options.max !== undefined && options.max > min) return { min, max: options.max };
  if (unit === '%') return { min, max: 100 };
  const seen = [options.target ?? 0, ...(options.thresholds ?? []).map(({ from }) => from)];
  const highest = Math.max(...seen, min);
  // The scale follows what is fixed, not the value, so that it stands still; a value beyond it doubles it.
  let max = roundUp(highest > min ? highest * 1.5 : Math.max(value ?? 1, min + 1));
  while (value !== null && value > max) max *= 2;
  return { min, max };
}

function roundUp(value: number): number {
  const magnitude = 10 ** Math.floor(Math.log10(value));
  const factor = [1, 1.5, 2, 3, 4, 5, 6, 8, 10].find((one) => one * magnitude >= value) ?? 10;
  return factor * magnitude;
}

/** The shapes of a gauge. */
export function gaugeShapes(value: number | null, options: WidgetOptions, unit: string): GaugeShapes {
  const { min, max } = gaugeScale(value, options, unit);
  const { target } = options;
  const share = (at: number): number => Math.min(1, Math.max(0, (at - min) / (max - min)));
  const bands = toneBands(options.thresholds, min, max);
  const isTargetSeen = target !== undefined && target >= min && target <= max;
  return {
    min,
    max,
    track: bands.map(({ from, to, tone }) => ({ path: arc(share(from), share(to), TRACK_RADIUS), tone })),
    ground: arc(0, 1, RADIUS),
    value: value === null ? '' : arc(0, share(value), RADIUS),
    tone: toneOf(value, options.thresholds),
    target: isTargetSeen ? tick(share(target)) : '',
    isBeyond: value !== null && (value < min || value > max),
  };
}

function pointAt(share: number, radius: number): { x: number; y: number } {
  const angle = ((START_DEG + share * SWEEP_DEG) * Math.PI) / 180;
  return { x: CENTRE.x + Math.sin(angle) * radius, y: CENTRE.y - Math.cos(angle) * radius };
}

function text({ x, y }: { x: number; y: number }): string {
  return `${x.toFixed(2)} ${y.toFixed(2)}`;
}

function arc(from: number, to: number, radius: number): string {
  if (to <= from) return '';
  const isLarge = (to - from) * SWEEP_DEG > 180 ? 1 : 0;
  const size = String(radius);
  return `M${text(pointAt(from, radius))}A${size} ${size} 0 ${String(isLarge)} 1 ${text(pointAt(to, radius))}`;
}

function tick(share: number): string {
  return `M${text(pointAt(share, TICK_FROM))}L${text(pointAt(share, TICK_TO))}`;
}
