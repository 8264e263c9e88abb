import type { MetricQueryRequest, MetricReply } from '@lumina/contracts';
import { LuminaError } from './lumina-error.ts';
import { systemTimers } from './managers.ts';
import type { TimerManager } from './managers.ts';
import { groupRequests, mergeRequests, shareOf } from './merge-requests.ts';

/** Sends one request body to the metric query endpoint. */
export type SendMetricQuery = (request: MetricQueryRequest, dashboardId?: string) => Promise<MetricReply>;

interface Waiting {
  readonly request: MetricQueryRequest;
  readonly dashboardId: string | undefined;
  readonly resolve: (reply: MetricReply) => void;
  readonly reject: (error: unknown) => void;
}

/** How long a burst of tiles is collected; below a frame, so nobody sees it. */
const BURST_MS = 12;

/**
 * Merges the requests of many tiles into few: a page of twenty tiles polls with one request per time range, and the
 * service plans its scans over all of them at once.
 */
export class MetricBatcher {
  readonly #send: SendMetricQuery;
  readonly #timers: TimerManager;
  #waiting: Waiting[] = [];

  constructor(send: SendMetricQuery, timers: TimerManager = systemTimers) {
    this.#send = send;
    this.#timers = timers;
  }

  /** Answers as if the request had been sent alone, for a dashboard where it is for one. */
  query(request: MetricQueryRequest, dashboardId?: string): Promise<MetricReply> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ request, dashboardId, resolve, reject });
      if (this.#waiting.length === 1) {
        this.#timers.after(BURST_MS, () => {
          this.#flush();
        });
      }
    });
  }

  #flush(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const group of groupRequests(waiting)) void this.#run(group);
  }

  async #run(group: readonly Waiting[]): Promise<void> {
    try {
      const reply = await this.#send(mergeRequests(group.map(({ request }) => request)), group[0]?.dashboardId);
      group.forEach((one, index) => {
        one.resolve(shareOf(reply, index));
      });
    } catch (error) {
      await this.#settleFailure(group, error);
    }
  }

  /** One wrong widget must not darken the others: a refused merged request is repeated one by one. */
  async #settleFailure(group: readonly Waiting[], error: unknown): Promise<void> {
    const isOneRefused = error instanceof LuminaError && error.code === 'QUERY_INVALID' && group.length > 1;
    if (!isOneRefused) {
      for (const one of group) one.reject(error);
      return;
    }
    await Promise.all(group.map((one) => this.#run([one])));
  }
}
