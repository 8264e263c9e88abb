import type { ChartTheme } from './chart-theme.ts';

/** The part of an axis' options that depends on the surroundings. */
interface StyledAxis {
  grid?: { color?: unknown };
  border?: { color?: unknown };
  ticks?: { color?: unknown; font?: unknown };
}

/**
 * Sets the colours and type of axes. Plain values set when they change: options that are functions would be asked again
 * for every tick of every drawing.
 */
export function styleAxes(scales: object | undefined, theme: ChartTheme, textPx: number): void {
  for (const axis of Object.values(scales ?? {}) as StyledAxis[]) {
    Object.assign(axis.grid ?? {}, { color: theme.grid });
    Object.assign(axis.border ?? {}, { color: theme.zero });
    Object.assign(axis.ticks ?? {}, { color: theme.text, font: { size: textPx, family: theme.font } });
  }
}
