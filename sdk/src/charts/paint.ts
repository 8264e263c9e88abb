import type { Threshold } from '@lumina/contracts';
import { faded } from './chart-theme.ts';
import type { ChartTheme } from './chart-theme.ts';
import { toneBands } from './thresholds.ts';

/** Where a chart draws: the box of the plot in px, and which way its values run. */
export interface PlotBox {
  readonly ctx: CanvasRenderingContext2D;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  /** The place of a value along the axis of values, px. */
  readonly placeOf: (value: number) => number;
  readonly isHorizontal: boolean;
}

/** What stands behind the values: the meaning of ranges, and the value to reach. */
export interface Backdrop {
  readonly thresholds: readonly Threshold[] | undefined;
  readonly target: number | undefined;
  readonly min: number;
  readonly max: number;
}

/** Bands are a breath of their tone, so that the lines before them stay what is seen; the full tone marks the edge. */
const BAND_PERCENT = 7;
const EDGE_PX = 3;
const TARGET_DASH = [5, 4];

/** Fills the stretches of values that mean something, with a rule where each begins. */
export function paintBands(box: PlotBox, theme: ChartTheme, backdrop: Backdrop): void {
  const { ctx } = box;
  ctx.save();
  for (const { from, to, tone } of toneBands(backdrop.thresholds, backdrop.min, backdrop.max)) {
    if (tone === undefined || tone === 'good') continue;
    const start = box.placeOf(from);
    const end = box.placeOf(to);
    ctx.fillStyle = faded(theme.tones[tone], BAND_PERCENT);
    if (box.isHorizontal) ctx.fillRect(start, box.top, end - start, box.bottom - box.top);
    else ctx.fillRect(box.left, end, box.right - box.left, start - end);
    ctx.fillStyle = theme.tones[tone];
    if (box.isHorizontal) ctx.fillRect(start, box.bottom - EDGE_PX, end - start, EDGE_PX);
    else ctx.fillRect(box.left, end, EDGE_PX, start - end);
    if (from <= backdrop.min) continue;
    rule(box, from, faded(theme.tones[tone], 60), [1, 3]);
  }
  ctx.restore();
}

/** Draws the value to reach as a thin dashed rule; its name stands beside the plot, where no line runs through it. */
export function paintTarget(box: PlotBox, theme: ChartTheme, backdrop: Backdrop): void {
  const { target } = backdrop;
  if (target === undefined || target < backdrop.min || target > backdrop.max) return;
  const { ctx } = box;
  ctx.save();
  rule(box, target, theme.target, TARGET_DASH);
  ctx.restore();
}

function rule(box: PlotBox, value: number, colour: string, dash: readonly number[]): void {
  const { ctx } = box;
  const at = Math.round(box.placeOf(value)) + 0.5;
  ctx.strokeStyle = colour;
  ctx.lineWidth = 1;
  ctx.setLineDash([...dash]);
  ctx.beginPath();
  if (box.isHorizontal) {
    ctx.moveTo(at, box.top);
    ctx.lineTo(at, box.bottom);
  } else {
    ctx.moveTo(box.left, at);
    ctx.lineTo(box.right, at);
  }
  ctx.stroke();
}

/** Draws a dot with a ring in the tile's colour, so that it stands out from lines below it. */
export function paintDot(
  ctx: CanvasRenderingContext2D,
  at: { readonly x: number; readonly y: number; readonly radiusPx: number },
  colour: string,
  ring: string | undefined,
): void {
  ctx.beginPath();
  ctx.arc(at.x, at.y, at.radiusPx, 0, 2 * Math.PI);
  if (ring !== undefined) {
    ctx.strokeStyle = ring;
    ctx.lineWidth = 3;
    ctx.stroke();
  }
  ctx.fillStyle = colour;
  ctx.fill();
}
