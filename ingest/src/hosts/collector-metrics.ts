import { Counter, Gauge, type Registry } from 'prom-client';

import { createMetricsRegistry } from './metrics.ts';

/** What the collector tells Prometheus. */
export interface CollectorMetrics {
  readonly registry: Registry;
  /** Items by what became of them; the code is empty for accepted ones. */
  readonly items: Counter<'outcome' | 'code'>;
  /** Answers to POST /v1/events by status. */
  readonly requests: Counter<'status'>;
}

/** The metrics of a collector. */
export function createCollectorMetrics(worker: string, inFlightBytes: () => number): CollectorMetrics {
  const registry = createMetricsRegistry(worker);
  const registers = [registry];
  new Gauge({
    name: 'lumina_collector_in_flight_bytes',
    help: 'Bytes of bodies in work, as sent, unpacked and on the way to the stream.',
    registers,
    collect() {
      this.set(inFlightBytes());
    },
  });
  return {
    registry,
    items: new Counter({
      name: 'lumina_collector_items_total',
      help: 'Items of bodies by outcome and code of rejection.',
      labelNames: ['outcome', 'code'],
      registers,
    }),
    requests: new Counter({
      name: 'lumina_collector_requests_total',
      help: 'Answers to posted events by status.',
      labelNames: ['status'],
      registers,
    }),
  };
}
