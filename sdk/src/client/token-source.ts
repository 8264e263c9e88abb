import { tokenRetryDelayMs } from './backoff.ts';
import { LuminaError } from './lumina-error.ts';
import { systemTimers } from './managers.ts';
import type { TimerManager } from './managers.ts';

/** Why a token is asked for. */
export type TokenReason = 'initial' | 'scheduled' | 'unauthorized' | 'resume';

/** What the host's callback may answer. */
export type TokenAnswer = string | { readonly token: string; readonly expiresAt?: number };

/** The host's callback: the only way a token reaches the client. `expiresAt` is in ms since the epoch. */
export type GetToken = (request: {
  readonly reason: TokenReason;
  readonly signal: AbortSignal;
}) => TokenAnswer | Promise<TokenAnswer>;

/** What is told of a new token: when it expires, ms since the epoch, where that is known; never the token. */
export interface TokenNotice {
  readonly expiresAt?: number;
}

/** Options of {@link TokenSource}. */
export interface TokenSourceOptions {
  /** Told of every new token. */
  readonly onToken?: ((notice: TokenNotice) => void) | undefined;
  readonly timers?: TimerManager;
  /** From 0 up to 1, for jitter. */
  readonly random?: () => number;
}

const CALLBACK_TIMEOUT_MS = 15_000;
const MIN_MARGIN_MS = 30_000;
const MARGIN_OF_LIFETIME = 0.2;
const JITTER_OF_MARGIN = 0.1;
/** A token that outlives another by less is no renewal of it. */
const RENEWAL_MS = 1000;

interface HeldToken {
  readonly token: string;
  readonly expiresAtMs: number | undefined;
  refreshAtMs: number;
  failures: number;
}

/**
 * Holds one access token in memory and asks for the next before it expires. However many requests wait, the host's
 * callback runs once at a time. When it fails, the token held is used for as long as it lives, and the callback is tried
 * again, ever more rarely.
 */
export class TokenSource {
  readonly #getToken: GetToken;
  readonly #nowMs: () => number;
  readonly #onToken: ((notice: TokenNotice) => void) | undefined;
  readonly #timers: TimerManager;
  readonly #random: () => number;
  #held: HeldToken | undefined;
  #pending: Promise<string> | undefined;

  constructor(getToken: GetToken, nowMs: () => number, options: TokenSourceOptions = {}) {
    this.#getToken = getToken;
    this.#nowMs = nowMs;
    this.#onToken = options.onToken;
    this.#timers = options.timers ?? systemTimers;
    this.#random = options.random ?? Math.random;
  }

  /** A token to send now. */
  current(): Promise<string> {
    return this.#usable('scheduled');
  }

  /** A token to send after a pause or a time without network. */
  resumed(): Promise<string> {
    return this.#usable('resume');
  }

  /** A token that lives longer than until an instant, ms since the epoch. */
  async beyond(expiresAtMs: number): Promise<string> {
    const held = this.#held;
    if (held?.expiresAtMs !== undefined && held.expiresAtMs > expiresAtMs + RENEWAL_MS) return held.token;
    return this.#refresh('scheduled');
  }

  /** A token other than `rejected`; a refresh that already happened is not repeated. */
  async replace(rejected: string): Promise<string> {
    if (this.#held !== undefined && this.#held.token !== rejected) return this.#held.token;
    return this.#refresh('unauthorized');
  }

  async #usable(reason: TokenReason): Promise<string> {
    const held = this.#held;
    if (held === undefined) return this.#refresh('initial');
    if (this.#nowMs() < held.refreshAtMs) return held.token;
    try {
      return await this.#refresh(reason);
    } catch (error) {
      if (held.expiresAtMs === undefined || this.#nowMs() >= held.expiresAtMs) throw error;
      held.failures += 1;
      held.refreshAtMs = this.#nowMs() + tokenRetryDelayMs(held.failures);
      return held.token;
    }
  }

  #refresh(reason: TokenReason): Promise<string> {
    this.#pending ??= this.#ask(reason).finally(() => {
      this.#pending = undefined;
    });
    return this.#pending;
  }

  async #ask(reason: TokenReason): Promise<string> {
    const controller = new AbortController();
    const cancelTimeout = this.#timers.after(CALLBACK_TIMEOUT_MS, () => {
      controller.abort();
    });
    try {
      const aborted = new Promise<never>((_resolve, reject) => {
        controller.signal.addEventListener('abort', () => {
          reject(new Error(`getToken did not answer within ${String(CALLBACK_TIMEOUT_MS / 1000)} s`));
        });
      });
      const answer = await Promise.race([this.#getToken({ reason, signal: controller.signal }), aborted]);
      const { token, expiresAt } = typeof answer === 'string' ? { token: answer, expiresAt: undefined } : answer;
      if (token === '') throw new Error('getToken answered an empty token');
      const expiresAtMs = expiresAt ?? expiryMsOf(token);
      this.#held = { token, expiresAtMs, refreshAtMs: this.#refreshAtMs(token, expiresAtMs), failures: 0 };
      this.#onToken?.(expiresAtMs === undefined ? {} : { expiresAt: expiresAtMs });
      return token;
    } catch (cause) {
      throw new LuminaError({
        code: 'AUTH_REQUIRED',
        retryable: false,
        message: 'The host gave no token.',
        suggestion: 'Sign in again, or let getToken return a fresh token.',
        cause,
      });
    } finally {
      cancelTimeout();
    }
  }

  #refreshAtMs(token: string, expiresAtMs: number | undefined): number {
    if (expiresAtMs === undefined) return Number.POSITIVE_INFINITY;
    const issuedAtMs = claimMsOf(token, 'iat') ?? this.#nowMs();
    const lifetimeMs = Math.max(0, expiresAtMs - issuedAtMs);
    // A margin longer than half of a very short lifetime would ask for a token on every request.
    const marginMs = Math.min(Math.max(MIN_MARGIN_MS, lifetimeMs * MARGIN_OF_LIFETIME), lifetimeMs / 2);
    return expiresAtMs - marginMs * (1 + (this.#random() * 2 - 1) * JITTER_OF_MARGIN);
  }
}

/** The `exp` of a JWT in ms; undefined for opaque tokens. Nothing is trusted from it but when to ask again. */
export function expiryMsOf(token: string): number | undefined {
  return claimMsOf(token, 'exp');
}

function claimMsOf(token: string, claim: 'exp' | 'iat'): number | undefined {
  const payload = token.split('.')[1];
  if (payload === undefined) return undefined;
  try {
    const parsed: unknown = JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/')));
    const seconds =
      typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>)[claim] : undefined;
    return typeof seconds === 'number' ? seconds * 1000 : undefined;
  } catch {
    // An opaque token is legitimate: it is replaced when the service rejects it.
    return undefined;
  }
}
