import Type from 'typebox';
import { Compile } from 'typebox/compile';

/** Where accounts are managed, and as whom. */
export interface Auth0ManagementConfig {
  /** The tenant's own address with a trailing slash, never a custom domain. */
  readonly url: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** The database connection that invited people get an account in. */
  readonly connection: string;
}

/** What tests replace. */
export interface Auth0ManagementOptions {
  readonly fetch?: typeof fetch;
  readonly now?: () => number;
  readonly wait?: (ms: number) => Promise<void>;
}

/** One call of the Management API. */
export interface ManagementCall {
  readonly method: 'POST' | 'DELETE';
  /** Below `/api/v2/`. */
  readonly path: string;
  readonly body?: unknown;
}

const TIMEOUT_MS = 8_000;
const MAX_TRIES = 4;
const FIRST_WAIT_MS = 250;
/** Longer waits than this are the caller's to make. */
const MAX_WAIT_MS = 5_000;
/** A token is let go of so long before it expires. */
const TOKEN_MARGIN_MS = 30_000;

const isToken = Compile(Type.Object({ access_token: Type.String({ minLength: 1 }), expires_in: Type.Number() }));

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Auth0 says when its limit is over as a Unix time; others say Retry-After. */
function waitMsOf(reply: Response, tries: number, nowMs: number): number {
  const reset = Number(reply.headers.get('x-ratelimit-reset') ?? Number.NaN) * 1_000 - nowMs;
  const after = Number(reply.headers.get('retry-after') ?? Number.NaN) * 1_000;
  const told = [reset, after].find((ms) => Number.isFinite(ms) && ms > 0);
  return told ?? FIRST_WAIT_MS * 2 ** tries;
}

/** What the API did not do. It holds a status and no id: replies may repeat an address. */
export function managementFailure(what: string, status: number): Error {
  return new Error(`The Management API answered ${String(status)} to ${what}.`);
}

/** Calls the Management API of Auth0 as a client of its own. */
export class Auth0Management {
  readonly #config: Auth0ManagementConfig;
  readonly #fetch: typeof fetch;
  readonly #now: () => number;
  readonly #wait: (ms: number) => Promise<void>;
  #token: { readonly text: string; readonly untilMs: number } | undefined;

  constructor(config: Auth0ManagementConfig, options: Auth0ManagementOptions = {}) {
    this.#config = config;
    this.#fetch = options.fetch ?? fetch;
    this.#now = options.now ?? Date.now;
    this.#wait = options.wait ?? sleep;
  }

  /** The answer, whatever its status; rejects where there is none. */
  async call(call: ManagementCall): Promise<Response> {
    const reply = await this.#callAs(await this.#accessToken(), call);
    if (reply.status !== 401) return reply;
    // The keys of the tenant may have rotated since.
    this.#token = undefined;
    return this.#callAs(await this.#accessToken(), call);
  }

  #callAs(bearer: string, { method, path, body }: ManagementCall): Promise<Response> {
    return this.#send(`api/v2/${path}`, {
      method,
      headers: { Authorization: `Bearer ${bearer}`, 'Content-Type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }

  async #accessToken(): Promise<string> {
    if (this.#token !== undefined && this.#token.untilMs > this.#now()) return this.#token.text;
    const { url, clientId, clientSecret } = this.#config;
    const reply = await this.#send('oauth/token', {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: clientId,
        client_secret: clientSecret,
        audience: new URL('api/v2/', url).href,
      }),
    });
    const body: unknown = reply.ok ? await reply.json() : undefined;
    if (!isToken.Check(body)) throw managementFailure('a request for a token', reply.status);
    this.#token = { text: body.access_token, untilMs: this.#now() + body.expires_in * 1_000 - TOKEN_MARGIN_MS };
    return this.#token.text;
  }

  /** Tries again where the provider says that it did not act. */
  async #send(path: string, init: RequestInit): Promise<Response> {
    const ask = this.#fetch;
    for (let tries = 0; ; tries += 1) {
      const reply = await ask(new URL(path, this.#config.url), {
        ...init,
        redirect: 'error',
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      if (reply.status !== 429 || tries + 1 >= MAX_TRIES) return reply;
      const waitMs = waitMsOf(reply, tries, this.#now());
      if (waitMs > MAX_WAIT_MS) return reply;
      await reply.body?.cancel();
      await this.#wait(waitMs);
    }
  }
}
