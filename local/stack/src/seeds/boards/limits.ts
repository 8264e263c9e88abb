import type { WidgetOptions } from '@lumina/contracts';

type Thresholds = NonNullable<WidgetOptions['thresholds']>;

/** From when on a figure is good, needs watching or needs somebody; in the unit of its metric. */
export const LIMITS = {
  serviceLevel: [
    { from: 0, tone: 'critical' },
    { from: 70, tone: 'warning' },
    { from: 80, tone: 'good' },
  ],
  answerRate: [
    { from: 0, tone: 'critical' },
    { from: 80, tone: 'warning' },
    { from: 90, tone: 'good' },
  ],
  abandonRate: [
    { from: 0, tone: 'good' },
    { from: 5, tone: 'warning' },
    { from: 10, tone: 'critical' },
  ],
  waitS: [
    { from: 0, tone: 'good' },
    { from: 20, tone: 'warning' },
    { from: 60, tone: 'critical' },
  ],
  longestWaitS: [
    { from: 0, tone: 'good' },
    { from: 60, tone: 'warning' },
    { from: 180, tone: 'critical' },
  ],
  waiting: [
    { from: 0, tone: 'good' },
    { from: 8, tone: 'warning' },
    { from: 15, tone: 'critical' },
  ],
  available: [
    { from: 0, tone: 'critical' },
    { from: 1, tone: 'warning' },
    { from: 3, tone: 'good' },
  ],
  occupancy: [
    { from: 0, tone: 'info' },
    { from: 60, tone: 'good' },
    { from: 85, tone: 'warning' },
    { from: 92, tone: 'critical' },
  ],
  trunkUse: [
    { from: 0, tone: 'good' },
    { from: 70, tone: 'warning' },
    { from: 85, tone: 'critical' },
  ],
  latencyMs: [
    { from: 0, tone: 'good' },
    { from: 500, tone: 'warning' },
    { from: 1000, tone: 'critical' },
  ],
  errorRate: [
    { from: 0, tone: 'good' },
    { from: 1, tone: 'warning' },
    { from: 5, tone: 'critical' },
  ],
} as const satisfies Readonly<Record<string, Thresholds>>;

/** A fresh, changeable copy, since stored JSON belongs to whoever stores it. */
export function limits(name: keyof typeof LIMITS): Thresholds {
  return LIMITS[name].map((limit) => ({ ...limit }));
}
