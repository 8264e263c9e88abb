import { Counter, Gauge, Histogram, Registry } from 'prom-client';

// From a fifth of a millisecond up to the time-out of a query.
const SECONDS = [0.0002, 0.001, 0.005, 0.02, 0.1, 0.5, 2, 10, 60];

/** What a server counts about itself, in the form that Prometheus reads. */
export class ServerMetrics {
  readonly registry = new Registry();
  private readonly calls = new Counter({
    name: 'timestream_local_calls_total',
    help: 'Calls by operation and outcome: ok, or the code of the error.',
    labelNames: ['operation', 'outcome'],
    registers: [this.registry],
  });
  private readonly seconds = new Histogram({
    name: 'timestream_local_call_seconds',
    help: 'Time from the whole request to its answer.',
    labelNames: ['operation'],
    buckets: SECONDS,
    registers: [this.registry],
  });
  private readonly underWay = new Gauge({
    name: 'timestream_local_calls_under_way',
    help: 'Calls that are not answered yet.',
    registers: [this.registry],
  });
  private readonly records = new Counter({
    name: 'timestream_local_records_total',
    help: 'Records of WriteRecords by outcome.',
    labelNames: ['outcome'],
    registers: [this.registry],
  });

  /** Counts and times a call. `operation` must be one the server has: labels are not for callers to invent. */
  async observe<T>(operation: string, call: () => Promise<T>): Promise<T> {
    const stop = this.seconds.startTimer({ operation });
    this.underWay.inc();
    try {
      const answer = await call();
      this.calls.inc({ operation, outcome: 'ok' });
      return answer;
    } catch (error) {
      this.calls.inc({ operation, outcome: error instanceof Error ? error.name : 'unknown' });
      throw error;
    } finally {
      this.underWay.dec();
      stop();
    }
  }

  countRecords(accepted: number, rejected: number): void {
    this.records.inc({ outcome: 'accepted' }, accepted);
    this.records.inc({ outcome: 'rejected' }, rejected);
  }
}
