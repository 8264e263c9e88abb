import { setTimeout as sleep } from 'node:timers/promises';
import type { Body } from '../world/wire.ts';
import type { Target } from './config.ts';

const MAX_BATCH = 500;
const FIRST_RETRY_MS = 200;
const MAX_RETRY_MS = 5_000;
const REQUEST_TIMEOUT_MS = 15_000;

/** What happened to what was sent. */
export interface SenderCounts {
  accepted: number;
  rejected: number;
  retries: number;
}

export interface SenderOptions {
  readonly target: Target;
  readonly log: (level: 'info' | 'warn' | 'error', message: string, fields: Body) => void;
  /** Replaced in tests. */
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<void>;
}

interface Reply {
  readonly accepted: number;
  readonly rejected: number;
  readonly codes: readonly string[];
}

const replyOf = (body: unknown, size: number): Reply => {
  const { accepted, rejected, items } = (typeof body === 'object' && body !== null ? body : {}) as {
    accepted?: unknown;
    rejected?: unknown;
    items?: unknown;
  };
  const codes = new Set<string>();
  for (const item of Array.isArray(items) ? (items as { code?: unknown }[]) : []) {
    if (typeof item.code === 'string') codes.add(item.code);
  }
  return {
    accepted: typeof accepted === 'number' ? accepted : size,
    rejected: typeof rejected === 'number' ? rejected : 0,
    codes: [...codes],
  };
};

/** The answers after which the same events must be sent again. */
const isRetriable = (status: number): boolean => status === 401 || status === 408 || status === 429 || status >= 500;

const defaultWait = async (ms: number, signal: AbortSignal): Promise<void> => {
  await sleep(ms, undefined, { signal }).catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
};

/** Sends one territory's events in order, again and again until its collector has taken them. */
export class Sender {
  readonly counts: SenderCounts = { accepted: 0, rejected: 0, retries: 0 };
  readonly #options: SenderOptions;
  readonly #abort = new AbortController();
  #pending: Body[] = [];
  #running: Promise<void> | null = null;

  constructor(options: SenderOptions) {
    this.#options = options;
  }

  get pending(): number {
    return this.#pending.length;
  }

  push(body: Body): void {
    this.#pending.push(body);
  }

  /** Sends what is waiting; resolves when it is taken or the sender was stopped. */
  flush(): Promise<void> {
    this.#running ??= this.#drain().finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  /** Gives up on what cannot be sent. */
  stop(): void {
    this.#abort.abort();
  }

  async #drain(): Promise<void> {
    let size = MAX_BATCH;
    let attempt = 0;
    while (this.#pending.length > 0 && !this.#abort.signal.aborted) {
      const batch = this.#pending.slice(0, size);
      const result = await this.#post(batch);
      if (result === 'taken') {
        this.#pending.splice(0, batch.length);
        attempt = 0;
      } else if (result === 'too_large' && batch.length > 1) {
        size = Math.ceil(batch.length / 2);
      } else if (result === 'too_large') {
        this.#pending.shift();
        this.counts.rejected += 1;
      } else {
        this.counts.retries += 1;
        const backoffMs = Math.min(MAX_RETRY_MS, FIRST_RETRY_MS * 2 ** attempt);
        attempt += 1;
        await (this.#options.wait ?? defaultWait)(Math.max(backoffMs, result.retryAfterMs), this.#abort.signal);
      }
    }
  }

  async #post(batch: readonly Body[]): Promise<'taken' | 'too_large' | { retryAfterMs: number }> {
    const { target, log } = this.#options;
    let response: Response;
    try {
      response = await fetch(new URL('/v1/events', target.collectorUrl), {
        method: 'POST',
        headers: { authorization: `Bearer ${target.key}`, 'content-type': 'application/x-ndjson' },
        body: batch.map((body) => JSON.stringify(body)).join('\n'),
        signal: AbortSignal.any([this.#abort.signal, AbortSignal.timeout(REQUEST_TIMEOUT_MS)]),
      });
    } catch (error) {
      if (!this.#abort.signal.aborted) {
        const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
        const detail = cause instanceof Error ? cause.message : 'unknown';
        log('warn', 'collector not reachable, will try again', { territoryId: target.territoryId, detail });
      }
      return { retryAfterMs: 0 };
    }
    if (isRetriable(response.status)) {
      await response.body?.cancel();
      log('warn', 'collector is not ready, will try again', {
        territoryId: target.territoryId,
        status: response.status,
      });
      return { retryAfterMs: 1000 * (Number(response.headers.get('retry-after')) || 0) };
    }
    return this.#settle(response, batch.length);
  }

  async #settle(response: Response, size: number): Promise<'taken' | 'too_large'> {
    const { target, log } = this.#options;
    if (response.status === 413) {
      await response.body?.cancel();
      return 'too_large';
    }
    const text = await response.text().catch(() => '');
    let body: unknown = null;
    try {
      body = JSON.parse(text);
    } catch {
      log('warn', 'collector answered without JSON', { territoryId: target.territoryId, status: response.status });
    }
    const reply = replyOf(body, response.ok ? size : 0);
    const rejected = response.ok ? reply.rejected : size - reply.accepted;
    this.counts.accepted += reply.accepted;
    this.counts.rejected += rejected;
    if (rejected > 0) {
      log('error', 'collector refused events', {
        territoryId: target.territoryId,
        status: response.status,
        rejected,
        codes: reply.codes,
      });
    }
    return 'taken';
  }
}
