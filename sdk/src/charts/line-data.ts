import { decimate } from './decimate.ts';
import type { Point } from './decimate.ts';

/** A place in a chart's own values. */
export interface XY {
  readonly x: number;
  readonly y: number | null;
}

/** A line cut into what is drawn how. */
export interface LineParts {
  /** The finished buckets, thinned. */
  readonly closed: XY[];
  /** From the last finished value to the bucket that is still filling. */
  readonly tail: readonly Known[];
  /** Values between two gaps, which no line shows. */
  readonly lone: readonly Known[];
  /** The newest value. */
  readonly newest: Known | undefined;
  /** The least and the greatest value; undefined for none. */
  readonly extent: readonly [lowest: number, highest: number] | undefined;
}

/** A value at an instant. */
export interface Known {
  readonly x: number;
  readonly y: number;
}

/** Never more points than this per series: each costs a call into the canvas. */
const MAX_POINTS = 300;

/** Cuts a series at the start of its open bucket and thins what is before. */
export function linePartsOf(points: readonly Point[], openFromMs: number | undefined, limit: number): LineParts {
  const openAt = openFromMs === undefined ? -1 : points.findIndex(([time]) => time >= openFromMs);
  const finished = openAt === -1 ? points : points.slice(0, openAt);
  const closed = decimate(finished, Math.min(limit, MAX_POINTS)).map(([x, y]) => ({ x, y }));
  const open = (openAt === -1 ? [] : points.slice(openAt)).map(([x, y]) => ({ x, y }));
  const tail = [closed.at(-1), ...open].filter(isKnown);
  const all: readonly XY[] = [...closed, ...open];
  const lone = all.filter((point, index): point is Known => isKnown(point) && isAlone(all, index));
  return {
    closed,
    tail: open.some(isKnown) ? tail : [],
    lone,
    newest: all.filter(isKnown).at(-1),
    extent: extentOf(all),
  };
}

/** Of the thinned points: thinning keeps the extremes. */
function extentOf(points: readonly XY[]): readonly [number, number] | undefined {
  let extent: [number, number] | undefined;
  for (const { y } of points) {
    if (y === null) continue;
    extent = extent === undefined ? [y, y] : [Math.min(extent[0], y), Math.max(extent[1], y)];
  }
  return extent;
}

function isKnown(point: XY | undefined): point is Known {
  return point !== undefined && point.y !== null;
}

function isAlone(all: readonly XY[], index: number): boolean {
  return !isKnown(all[index - 1]) && !isKnown(all[index + 1]);
}
