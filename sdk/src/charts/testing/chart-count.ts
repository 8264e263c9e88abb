import { Chart } from 'chart.js';

/** How many charts hold a canvas now: none may be left when their tags have gone. */
export function chartCount(): number {
  return Object.keys(Chart.instances).length;
}
