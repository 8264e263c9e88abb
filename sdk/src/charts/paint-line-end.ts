import type { Known, LineParts } from './line-data.ts';
import { paintDot } from './paint.ts';

/** How the end of a line looks. */
export interface LineEnd {
  readonly colour: string;
  readonly widthPx: number;
  /** Radius of the newest value's point; 0 for none. */
  readonly dotRadiusPx: number;
  /** Colour of the ring that sets the point off from what lies below. */
  readonly ring: string;
  readonly placeOf: (point: Known) => { readonly x: number; readonly y: number };
}

const OPEN_DASH = [3, 3];

/** Draws what a plain line cannot say: the open bucket dashed, values alone between gaps, the newest value as a point. */
export function paintLineEnd(ctx: CanvasRenderingContext2D, parts: LineParts, end: LineEnd): void {
  const { colour, widthPx, placeOf } = end;
  ctx.save();
  if (parts.tail.length > 1) {
    ctx.strokeStyle = colour;
    ctx.lineWidth = widthPx;
    ctx.setLineDash(OPEN_DASH);
    ctx.beginPath();
    for (const [index, point] of parts.tail.entries()) {
      const { x, y } = placeOf(point);
      if (index === 0) ctx.moveTo(x, y);
      else ctx.lineTo(x, y);
    }
    ctx.stroke();
    ctx.setLineDash([]);
  }
  for (const point of parts.lone) paintDot(ctx, { ...placeOf(point), radiusPx: widthPx }, colour, undefined);
  if (parts.newest !== undefined && end.dotRadiusPx > 0) {
    paintDot(ctx, { ...placeOf(parts.newest), radiusPx: end.dotRadiusPx }, colour, end.ring);
  }
  ctx.restore();
}
