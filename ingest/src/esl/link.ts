import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';

import { jitteredDelayMs } from '../adapters/full-jitter.ts';
import { EslError, isRefusal } from './esl-error.ts';
import { EslSession, type SessionEvents, type SessionOptions } from './session.ts';

/** What lives on a connection; it is aborted when the connection ends. */
export type SessionLife = (session: EslSession, signal: AbortSignal) => Promise<void>;

/** What a link says of itself. */
export interface LinkEvents extends SessionEvents {
  /** Before every attempt: waits until connecting makes sense. */
  readonly beforeConnect: (signal: AbortSignal) => Promise<void>;
  readonly onConnected: () => void;
  readonly onDisconnected: (code: string) => void;
  readonly live: SessionLife;
}

const BACKOFF = { baseMs: 250, capMs: 10_000 };
/** Nobody changes a password within seconds, and a switch may ban who tries. */
const REFUSED_BACKOFF = { baseMs: 30_000, capMs: 300_000 };
const REFUSED_LEAST_MS = 15_000;
const LEAST_MS = 50;
/** A connection that held for so long makes the next attempt a first one. */
const HELD_MS = 10_000;

/** The wait before the next attempt: full jitter, long after a refusal, never none. */
export function reconnectDelayMs(error: unknown, attempt: number, random: () => number = Math.random): number {
  return isRefusal(error)
    ? REFUSED_LEAST_MS + jitteredDelayMs(attempt, REFUSED_BACKOFF, random)
    : LEAST_MS + jitteredDelayMs(attempt, BACKOFF, random);
}

/** Keeps a connection to a switch: opens one after another until aborted. */
export class EslLink {
  private readonly options: SessionOptions;
  private readonly events: LinkEvents;
  private readonly logger: Logger;
  private session: EslSession | undefined;

  constructor(options: SessionOptions, events: LinkEvents, logger: Logger) {
    this.options = options;
    this.events = events;
    this.logger = logger;
  }

  get isConnected(): boolean {
    return this.session !== undefined;
  }

  /** Ends the connection at hand; the next one is opened as after a loss. */
  drop(reason: Error): void {
    this.session?.destroy(reason);
  }

  /** Runs until aborted. */
  async run(signal: AbortSignal): Promise<void> {
    const isStopped = (): boolean => signal.aborted;
    for (let attempt = 0; !isStopped(); attempt += 1) {
      let connectedMs: number | undefined;
      try {
        await this.events.beforeConnect(signal);
        const session = await EslSession.open(this.options, this.events, signal);
        connectedMs = Date.now();
        await this.hold(session, signal);
      } catch (error) {
        if (isStopped()) return;
        const code = error instanceof EslError ? error.code : 'esl_closed';
        if (connectedMs !== undefined && Date.now() - connectedMs >= HELD_MS) attempt = 0;
        this.events.onDisconnected(code);
        const waitMs = reconnectDelayMs(error, attempt);
        const level = isRefusal(error) ? 'error' : 'warn';
        const detail = error instanceof Error ? error.message : String(error);
        this.logger[level]({ code, detail, attempt, waitMs }, 'no connection to the switch; trying again');
        await delay(waitMs, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  private async hold(session: EslSession, signal: AbortSignal): Promise<void> {
    const ending = new AbortController();
    const abort = (): void => {
      session.destroy(new EslError('esl_closed', 'The forwarder stops.'));
    };
    signal.addEventListener('abort', abort, { once: true });
    this.session = session;
    this.events.onConnected();
    const life = this.events.live(session, ending.signal);
    try {
      await Promise.race([session.closed, life.then(() => session.closed)]);
    } finally {
      this.session = undefined;
      signal.removeEventListener('abort', abort);
      session.destroy(new EslError('esl_closed', 'The connection is given up.'));
      ending.abort();
      await life.catch(() => undefined);
    }
  }
}
