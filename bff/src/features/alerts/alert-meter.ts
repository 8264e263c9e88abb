import { Counter, Gauge, Histogram } from 'prom-client';
import type { Registry } from 'prom-client';
import type { AlertTransitionKind } from '@lumina/contracts';
import type { DeliveryOutcome } from './evaluation-store.ts';

/** Counts what alerts do, for Prometheus. */
export interface AlertMeter {
  readonly evaluated: (outcome: 'answered' | 'failed', rules: number, durationMs: number) => void;
  readonly told: (kind: AlertTransitionKind) => void;
  readonly attempted: (outcome: DeliveryOutcome) => void;
  readonly rules: (count: number) => void;
  readonly holdsLease: (isHeld: boolean) => void;
  readonly backlog: (pending: number, dead: number) => void;
}

const DURATION_BUCKETS_S = [0.005, 0.02, 0.1, 0.5, 1, 5, 20];

/** `lumina_alerts_*` in a registry. No label names a territory, a rule or an endpoint: their number has no bound. */
export function createAlertMeter(registry: Registry): AlertMeter {
  const registers = [registry];
  const evaluations = new Counter({
    name: 'lumina_alerts_evaluations_total',
    help: 'Evaluations of alert rules, by outcome: answered, failed',
    labelNames: ['outcome'],
    registers,
  });
  const duration = new Histogram({
    name: 'lumina_alerts_evaluation_seconds',
    help: 'Time for one request that answers several rules',
    buckets: DURATION_BUCKETS_S,
    registers,
  });
  const transitions = new Counter({
    name: 'lumina_alerts_transitions_total',
    help: 'Alerts that began to fire or were resolved',
    labelNames: ['kind'],
    registers,
  });
  const attempts = new Counter({
    name: 'lumina_alerts_webhook_attempts_total',
    help: 'Attempts to send a message, by what became of the message: delivered, pending (it is tried again), dead',
    labelNames: ['status'],
    registers,
  });
  const gauge = (name: string, help: string): Gauge => new Gauge({ name, help, registers });
  const rules = gauge('lumina_alerts_rules', 'Rules known to this process, those of all territories of the region');
  const lease = gauge('lumina_alerts_lease_held', '1 in the process that evaluates and delivers, 0 in the others');
  const waiting = gauge('lumina_alerts_webhooks_waiting', 'Messages that wait for an attempt');
  const dead = gauge('lumina_alerts_webhooks_dead', 'Messages that were given up');
  return {
    evaluated: (outcome, count, durationMs) => {
      evaluations.inc({ outcome }, count);
      duration.observe(durationMs / 1_000);
    },
    told: (kind) => {
      transitions.inc({ kind });
    },
    attempted: ({ status }) => {
      attempts.inc({ status });
    },
    rules: (count) => {
      rules.set(count);
    },
    holdsLease: (isHeld) => {
      lease.set(isHeld ? 1 : 0);
    },
    backlog: (pending, given) => {
      waiting.set(pending);
      dead.set(given);
    },
  };
}
