import { QueryObserver } from '@tanstack/query-core';
import type { QueryClient, QueryKey, QueryObserverOptions } from '@tanstack/query-core';
import type { MetricQueryRequest, MetricReply } from '@lumina/contracts';
import type { LiveConnection } from './live/live-connection.ts';
import type { LiveMember } from './live/live-member.ts';
import { asLuminaError } from './lumina-error.ts';
import type { LuminaError } from './lumina-error.ts';
import { pollDelayMs } from './poll-delay.ts';

/** What a watcher of metrics is told. */
export interface MetricsUpdate {
  readonly reply: MetricReply | undefined;
  readonly error: LuminaError | undefined;
  readonly isFetching: boolean;
}

/** A running watch. */
export interface Watch {
  /** Asks now, e.g. from a retry button. */
  refresh(): void;
  /** Ends it; nothing is called afterwards. */
  stop(): void;
}

/** What a watch needs. */
export interface MetricWatchOptions {
  readonly queries: QueryClient;
  readonly queryKey: QueryKey;
  readonly request: MetricQueryRequest;
  readonly ask: () => Promise<MetricReply>;
  /** How often asking failed in a row. */
  readonly failures: () => number;
  readonly pollIntervalMs: number;
  /** Absent for what is asked once. */
  readonly connection: LiveConnection | undefined;
  readonly listener: (update: MetricsUpdate) => void;
}

type Options = QueryObserverOptions<MetricReply>;

const STILL = {
  refetchInterval: false,
  refetchIntervalInBackground: false,
  refetchOnWindowFocus: false,
  refetchOnReconnect: false,
  staleTime: Number.POSITIVE_INFINITY,
} as const satisfies Omit<Options, 'queryKey'>;

/**
 * Watches one request: its data in the cache, whoever puts it there; its error, of the connection or of asking; and asks
 * by itself when the connection leaves that to polling.
 */
export class MetricWatch implements Watch {
  readonly #options: MetricWatchOptions;
  readonly #observer: QueryObserver<MetricReply>;
  readonly #member: LiveMember | undefined;
  readonly #unsubscribe: () => void;
  readonly #onMember = (): void => {
    this.#observer.setOptions(this.#observed());
    this.#tell();
  };

  constructor(options: MetricWatchOptions) {
    this.#options = options;
    const { connection, queryKey, request } = options;
    this.#member = connection?.join(queryKey, request, this.#onMember);
    this.#observer = new QueryObserver<MetricReply>(options.queries, this.#observed());
    this.#unsubscribe = this.#observer.subscribe(() => {
      this.#tell();
    });
    this.#tell();
  }

  /** Asks now. */
  refresh(): void {
    this.#options.connection?.retry();
    void this.#observer.refetch();
  }

  /** Ends it. */
  stop(): void {
    this.#unsubscribe();
    if (this.#member !== undefined) this.#options.connection?.leave(this.#member, this.#onMember);
  }

  #observed(): Options {
    const { queryKey, ask, connection } = this.#options;
    const common = { queryKey, queryFn: ask };
    // What is asked once is asked again only until it was answered.
    const retryMs: Options['refetchInterval'] = ({ state: { error } }) =>
      error === null ? false : this.#pollMs(error);
    if (connection === undefined) return { ...common, ...STILL, refetchInterval: retryMs };
    if (connection.isPaused || this.#member?.isPolled !== true) return { ...common, ...STILL, enabled: false };
    return {
      ...common,
      enabled: true,
      refetchInterval: ({ state }) => this.#pollMs(state.error),
      refetchIntervalInBackground: false,
      refetchOnWindowFocus: 'always',
      refetchOnReconnect: 'always',
      // Neighbours that mount a moment later share what just arrived.
      staleTime: this.#options.pollIntervalMs / 2,
    };
  }

  #pollMs(error: Error | null): number | false {
    return pollDelayMs(this.#options.pollIntervalMs, this.#options.failures(), error);
  }

  #tell(): void {
    const { data, error, isFetching } = this.#observer.getCurrentResult();
    const failure = this.#member?.error ?? (error === null ? undefined : asLuminaError(error));
    const { connection } = this.#options;
    const isAwaited = connection !== undefined && !connection.isPaused && data === undefined && failure === undefined;
    this.#options.listener({ reply: data, error: failure, isFetching: isFetching || isAwaited });
  }
}
