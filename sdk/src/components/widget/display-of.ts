import type { WidgetKind, WidgetOptions } from '@lumina/contracts';

/** How a tile shows its data, by attributes and as dashboards hold it. */
export interface DisplayWords {
  readonly display: WidgetOptions;
  readonly target: number | undefined;
  readonly thresholds: WidgetOptions['thresholds'];
}

/** Kinds that draw a target; only they ask for that of the territory. */
export function showsTarget(kind: WidgetKind): boolean {
  return kind === 'stat' || kind === 'line' || kind === 'gauge';
}

/** All of it in one; attributes outrank the object, and both outrank what the territory wants. */
export function displayOf({ display, target, thresholds }: DisplayWords, wanted?: number): WidgetOptions {
  return {
    ...(wanted === undefined ? {} : { target: wanted }),
    ...display,
    ...(target === undefined ? {} : { target }),
    ...(thresholds === undefined ? {} : { thresholds }),
  };
}
