import type { ChartType, Plugin } from 'chart.js';

/** A chart that paints more than the library does: below and above its bars or lines. */
export interface Painting {
  paintBehind: () => void;
  paintAbove: () => void;
}

/** Options of every chart: everything off that costs time. */
export const QUIET_OPTIONS = {
  animation: false as const,
  responsive: false,
  maintainAspectRatio: false,
  parsing: false as const,
  normalized: true,
  events: [],
};

/** Lets a chart paint below and above what the library draws. */
export function paintingPlugin<Type extends ChartType>(painting: Painting): Plugin<Type> {
  return {
    id: 'lumina',
    beforeDatasetsDraw: () => {
      painting.paintBehind();
    },
    afterDatasetsDraw: () => {
      painting.paintAbove();
    },
  };
}
