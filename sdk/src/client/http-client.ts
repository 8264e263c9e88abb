import { CLIENT_HEADER } from '@lumina/contracts';
import { LuminaError, errorFromReply, errorFromThrown, retryAfterMsOf } from './lumina-error.ts';
import { SDK_VERSION } from './sdk-version.ts';
import type { ServerClock } from './server-clock.ts';
import type { TokenSource } from './token-source.ts';

/** One request to the API. */
export interface ApiRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: unknown;
  /** Id of the dashboard that this is for: what it costs is counted for it. */
  readonly dashboardId?: string | undefined;
  readonly signal?: AbortSignal;
}

/** What the HTTP client needs. */
export interface HttpClientOptions {
  readonly baseUrl: string;
  readonly tokens: TokenSource;
  readonly clock: ServerClock;
  readonly fetch: typeof fetch;
  readonly timeoutMs: number;
}

const DASHBOARD_ID = /^[A-Za-z0-9_-]{1,64}$/u;

/** Speaks to the API: bearer token, one replay after 401, problems as typed errors, the server's clock. */
export class HttpClient {
  readonly #options: HttpClientOptions;
  #outdated: LuminaError | undefined;

  constructor(options: HttpClientOptions) {
    this.#options = options;
  }

  /** The address of a path of the API. */
  url(path: string): URL {
    return new URL(path, this.#options.baseUrl);
  }

  /** Sends a request and answers its JSON. Nothing is changed by it twice, so that the one replay after 401 is safe. */
  async request(request: ApiRequest): Promise<unknown> {
    return this.#withToken(async (token) => {
      const { clock, timeoutMs } = this.#options;
      const timeout = AbortSignal.timeout(timeoutMs);
      const signal = request.signal === undefined ? timeout : AbortSignal.any([request.signal, timeout]);
      try {
        const reply = await this.#send(request, token, 'application/json', signal);
        return await readReply(reply, clock.localNowMs());
      } catch (thrown) {
        if (request.signal?.aborted === true) throw thrown;
        throw errorFromThrown(thrown, timeout.aborted);
      }
    });
  }

  /**
   * Opens a reply that goes on; its body is the caller's, and so is the time it may take. A status other than 2xx is
   * thrown as `LuminaError`, like everything else that goes wrong unless the caller's signal is the reason.
   */
  async stream(request: ApiRequest): Promise<Response> {
    return this.#withToken(async (token) => {
      try {
        const reply = await this.#send(request, token, 'text/event-stream', request.signal);
        if (!reply.ok) await readReply(reply, this.#options.clock.localNowMs());
        return reply;
      } catch (thrown) {
        if (request.signal?.aborted === true) throw thrown;
        throw errorFromThrown(thrown, false);
      }
    });
  }

  /** Sends something whose answer nobody waits for; it outlives the page. */
  async tell(path: string, body: unknown): Promise<void> {
    await this.#withToken(async (token) => {
      const reply = await this.#send({ method: 'POST', path, body }, token, 'application/json', undefined, true);
      if (!reply.ok) await readReply(reply, this.#options.clock.localNowMs());
    });
  }

  async #withToken<T>(run: (token: string) => Promise<T>): Promise<T> {
    // A service that has outgrown this client is not asked again: only a newer page helps.
    if (this.#outdated !== undefined) throw this.#outdated;
    try {
      return await this.#withFreshToken(run);
    } catch (error) {
      if (error instanceof LuminaError && error.code === 'UPGRADE_REQUIRED') this.#outdated = error;
      throw error;
    }
  }

  async #withFreshToken<T>(run: (token: string) => Promise<T>): Promise<T> {
    const { tokens } = this.#options;
    const token = await tokens.current();
    try {
      return await run(token);
    } catch (error) {
      if (!(error instanceof LuminaError) || error.status !== 401) throw error;
      return run(await tokens.replace(token));
    }
  }

  async #send(
    request: ApiRequest,
    token: string,
    accept: string,
    signal: AbortSignal | undefined,
    outlivesPage = false,
  ): Promise<Response> {
    const { clock } = this.#options;
    const sentAtMs = clock.localNowMs();
    const reply = await this.#options.fetch(this.url(request.path).href, {
      method: request.method,
      headers: {
        authorization: `Bearer ${token}`,
        accept,
        [CLIENT_HEADER]: `sdk/${SDK_VERSION}`,
        ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...dashboardHeader(request.dashboardId),
      },
      ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
      cache: 'no-store',
      ...(outlivesPage ? { keepalive: true } : {}),
      ...(signal === undefined ? {} : { signal }),
    });
    clock.observe(reply.headers.get('date'), sentAtMs, clock.localNowMs());
    return reply;
  }
}

/** The service takes no other ids; a board without one is the host's own, and stays unnamed. */
function dashboardHeader(dashboardId: string | undefined): Readonly<Record<string, string>> {
  return dashboardId !== undefined && DASHBOARD_ID.test(dashboardId) ? { 'x-lumina-dashboard': dashboardId } : {};
}

/** Reads the body as text first: `json()` of a sandboxed realm answers slow proxies. */
async function readReply(reply: Response, nowMs: number): Promise<unknown> {
  const text = await reply.text();
  const body = parsed(text);
  if (reply.ok && body !== undefined) return body;
  if (reply.ok) {
    throw new LuminaError({
      code: 'INTERNAL',
      retryable: true,
      status: reply.status,
      message: 'The service answered something that is not JSON.',
      suggestion: 'Check that base-url points to the API.',
    });
  }
  throw errorFromReply({
    status: reply.status,
    body,
    retryAfterMs: retryAfterMsOf(reply.headers.get('retry-after'), nowMs),
    requestId: reply.headers.get('x-request-id'),
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
