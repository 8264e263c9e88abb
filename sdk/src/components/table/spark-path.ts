import type { TilePoints } from '../../client/tile-view.ts';

/** The drawing's own units; the style sheet decides how large it is. */
export const SPARK_WIDTH = 64;
/** Height of the drawing. */
export const SPARK_HEIGHT = 20;
const MAX_POINTS = 60;
const INSET = 2;

/** The course of a series as the path of one line, scaled to its own values; gaps stay gaps, nothing draws nothing. */
export function sparkPath(points: TilePoints, fromMs: number, toMs: number): string {
  const every = Math.max(1, Math.ceil(points.length / MAX_POINTS));
  const drawn = points.filter((_point, index) => (points.length - 1 - index) % every === 0);
  const values = drawn.flatMap(([, value]) => (value === null ? [] : [value]));
  const low = Math.min(...values);
  const span = Math.max(...values) - low;
  const spanMs = Math.max(1, toMs - fromMs);
  let path = '';
  let isPenDown = false;
  for (const [at, value] of drawn) {
    if (value === null) {
      isPenDown = false;
      continue;
    }
    const x = Math.min(1, Math.max(0, (at - fromMs) / spanMs)) * SPARK_WIDTH;
    const share = span === 0 ? 0.5 : (value - low) / span;
    const y = SPARK_HEIGHT - INSET - share * (SPARK_HEIGHT - 2 * INSET);
    path += `${isPenDown ? 'L' : 'M'}${x.toFixed(1)} ${y.toFixed(1)}`;
    isPenDown = true;
  }
  return path;
}
