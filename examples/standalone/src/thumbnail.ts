import type { StoredDashboard } from '@lumina/sdk';

type Widget = StoredDashboard['body']['widgets'][number];

/** A rectangle in units of the drawing. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Size of the drawing: columns of 20 units, rows of 9. */
export const THUMBNAIL = { width: 240, height: 117 } as const;
const COLUMN = THUMBNAIL.width / 12;
const ROW = 9;
const GAP = 3;
const SVG = 'http://www.w3.org/2000/svg';

/** Where a widget is drawn; what lies below the drawing is left out. */
export function boxOf({ x, y, w, h }: Pick<Widget, 'x' | 'y' | 'w' | 'h'>): Box | undefined {
  const top = y * ROW;
  if (top >= THUMBNAIL.height) return undefined;
  return { x: x * COLUMN + GAP / 2, y: top + GAP / 2, width: w * COLUMN - GAP, height: h * ROW - GAP };
}

type Share = readonly [x: number, y: number];

function pathOf({ x, y, width, height }: Box, points: readonly Share[]): string {
  return points
    .map(([across, down], index) => {
      const at = `${(x + across * width).toFixed(1)} ${(y + down * height).toFixed(1)}`;
      return `${index === 0 ? 'M' : 'L'}${at}`;
    })
    .join('');
}

const line = (...points: readonly Share[]): readonly Share[] => points;

/** Strokes that say at a glance which kind a widget is, as shares of its box. */
const GLYPHS: Readonly<Record<Widget['kind'], readonly (readonly Share[])[]>> = {
  stat: [line([0.12, 0.4], [0.5, 0.4]), line([0.12, 0.78], [0.35, 0.66], [0.6, 0.76], [0.88, 0.6])],
  line: [line([0.06, 0.75], [0.25, 0.45], [0.42, 0.6], [0.62, 0.28], [0.8, 0.42], [0.94, 0.3])],
  bar: [0.2, 0.4, 0.6, 0.8].map((x, index) => line([x, 0.82], [x, [0.3, 0.5, 0.4, 0.62][index] ?? 0.5])),
  gauge: [],
  table: [0.26, 0.44, 0.62, 0.8].map((y) => line([0.06, y], [0.94, y])),
};

/** An arc of 240 degrees, as round in a wide box as in a square one. */
function arcOf({ x, y, width, height }: Box): string {
  const radius = Math.min(width, height) * 0.34;
  const middle = { x: x + width / 2, y: y + height * 0.56 };
  const across = radius * Math.sin(Math.PI / 1.5);
  const down = radius * 0.5;
  const at = (left: number): string => `${(middle.x + left).toFixed(1)} ${(middle.y + down).toFixed(1)}`;
  const r = radius.toFixed(1);
  return `M${at(-across)}A${r} ${r} 0 1 1 ${at(across)}`;
}

function element(name: string, attributes: Readonly<Record<string, string>>): Element {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  return node;
}

/** A small drawing of a board: where its widgets stand, and of which kind they are. */
export function drawThumbnail(widgets: readonly Widget[]): Element {
  const drawing = element('svg', {
    viewBox: `0 0 ${String(THUMBNAIL.width)} ${String(THUMBNAIL.height)}`,
    preserveAspectRatio: 'xMidYMin slice',
    'aria-hidden': 'true',
  });
  for (const widget of widgets) {
    const box = boxOf(widget);
    if (box === undefined) continue;
    const size = { width: box.width.toFixed(1), height: box.height.toFixed(1) };
    drawing.append(element('rect', { x: box.x.toFixed(1), y: box.y.toFixed(1), ...size, rx: '2.5' }));
    const paths = widget.kind === 'gauge' ? [arcOf(box)] : GLYPHS[widget.kind].map((points) => pathOf(box, points));
    for (const d of paths) drawing.append(element('path', { class: widget.kind, d }));
  }
  return drawing;
}
