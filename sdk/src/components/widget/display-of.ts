import type { WidgetOptions } from '@lumina/contracts';

/** How a tile shows its data, by attributes and as dashboards hold it. */
export interface DisplayWords {
  readonly display: WidgetOptions;
  readonly target: number | undefined;
  readonly thresholds: WidgetOptions['thresholds'];
}

/** All of it in one; attributes outrank the object. */
export function displayOf({ display, target, thresholds }: DisplayWords): WidgetOptions {
  return {
    ...display,
    ...(target === undefined ? {} : { target }),
    ...(thresholds === undefined ? {} : { thresholds }),
  };
}
