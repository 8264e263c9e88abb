import { LuminaError } from './lumina-error.ts';

/** Why a token is asked for. */
export type TokenReason = 'initial' | 'scheduled' | 'unauthorized' | 'resume';

/** What the host's callback may answer. */
export type TokenAnswer = string | { readonly token: string; readonly expiresAt?: number };

/** The host's callback: the only way a token reaches the client. `expiresAt` is in ms since the epoch. */
export type GetToken = (request: {
  readonly reason: TokenReason;
  readonly signal: AbortSignal;
}) => TokenAnswer | Promise<TokenAnswer>;

const CALLBACK_TIMEOUT_MS = 15_000;
const MIN_MARGIN_MS = 30_000;
const MARGIN_OF_LIFETIME = 0.2;

interface HeldToken {
  readonly token: string;
  readonly refreshAtMs: number;
}

/**
 * Holds one access token in memory and asks for the next before it expires. However many requests wait, the host's
 * callback runs once at a time.
 */
export class TokenSource {
  readonly #getToken: GetToken;
  readonly #nowMs: () => number;
  #held: HeldToken | undefined;
  #pending: Promise<string> | undefined;

  constructor(getToken: GetToken, nowMs: () => number) {
    this.#getToken = getToken;
    this.#nowMs = nowMs;
  }

  /** A token to send now. */
  async current(): Promise<string> {
    if (this.#held === undefined) return this.#refresh('initial');
    if (this.#nowMs() >= this.#held.refreshAtMs) return this.#refresh('scheduled');
    return this.#held.token;
  }

  /** A token other than `rejected`; a refresh that already happened is not repeated. */
  async replace(rejected: string): Promise<string> {
    if (this.#held !== undefined && this.#held.token !== rejected) return this.#held.token;
    return this.#refresh('unauthorized');
  }

  async #refresh(reason: TokenReason): Promise<string> {
    this.#pending ??= this.#ask(reason).finally(() => {
      this.#pending = undefined;
    });
    return this.#pending;
  }

  async #ask(reason: TokenReason): Promise<string> {
    const controller = new AbortController();
    const timer = setTimeout(() => {
      controller.abort();
    }, CALLBACK_TIMEOUT_MS);
    try {
      const aborted = new Promise<never>((_resolve, reject) => {
        controller.signal.addEventListener('abort', () => {
          reject(new Error(`getToken did not answer within ${String(CALLBACK_TIMEOUT_MS / 1000)} s`));
        });
      });
      const answer = await Promise.race([this.#getToken({ reason, signal: controller.signal }), aborted]);
      const { token, expiresAt } = typeof answer === 'string' ? { token: answer, expiresAt: undefined } : answer;
      if (token === '') throw new Error('getToken answered an empty token');
      this.#held = { token, refreshAtMs: this.#refreshAtMs(expiresAt ?? expiryMsOf(token)) };
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
      clearTimeout(timer);
    }
  }

  #refreshAtMs(expiresAtMs: number | undefined): number {
    if (expiresAtMs === undefined) return Number.POSITIVE_INFINITY;
    const lifetimeMs = expiresAtMs - this.#nowMs();
    // A margin longer than half of a very short lifetime would ask for a token on every request.
    const marginMs = Math.min(Math.max(MIN_MARGIN_MS, lifetimeMs * MARGIN_OF_LIFETIME), lifetimeMs / 2);
    return expiresAtMs - marginMs;
  }
}

/** The `exp` of a JWT in ms; undefined for opaque tokens. Nothing is trusted from it but when to ask again. */
export function expiryMsOf(token: string): number | undefined {
  const payload = token.split('.')[1];
  if (payload === undefined) return undefined;
  try {
    const parsed: unknown = JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/')));
    const exp = typeof parsed === 'object' && parsed !== null && 'exp' in parsed ? parsed.exp : undefined;
    return typeof exp === 'number' ? exp * 1000 : undefined;
  } catch {
    // An opaque token is legitimate: it is replaced when the service rejects it.
    return undefined;
  }
}
