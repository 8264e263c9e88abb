/** What the page has to know before it can sign anybody in. */
export interface PageConfig {
  readonly apiUrl: string;
  readonly auth0Domain: string;
  readonly auth0ClientId: string;
  readonly auth0Audience: string;
}

/** The page is deployed without, or with a wrong, configuration. */
export class PageConfigError extends Error {
  /** Stable code for the error page. */
  readonly code = 'page_not_configured';
}

type Loose = Readonly<Partial<Record<keyof PageConfig, unknown>>>;

function text(value: unknown): string {
  return typeof value === 'string' ? value.trim() : '';
}

/** Configuration of a build made for one deployment; `/config.json` wins over it. */
function builtInConfig(): Loose {
  const env = import.meta.env as Readonly<Record<string, unknown>>;
  return {
    apiUrl: env['VITE_API_URL'],
    auth0Domain: env['VITE_AUTH0_DOMAIN'],
    auth0ClientId: env['VITE_AUTH0_CLIENT_ID'],
    auth0Audience: env['VITE_AUTH0_AUDIENCE'],
  };
}

async function servedConfig(): Promise<Loose> {
  const reply = await fetch('/config.json', { cache: 'no-store' });
  const isJson = reply.headers.get('content-type')?.includes('json') ?? false;
  // A server with a single-page fallback answers its index page instead of 404.
  if (!reply.ok || !isJson) return {};
  const body: unknown = JSON.parse(await reply.text());
  return typeof body === 'object' && body !== null ? body : {};
}

/** Reads `/config.json` as served, field by field over what was built in. */
export async function loadPageConfig(): Promise<PageConfig> {
  const served = await servedConfig();
  const builtIn = builtInConfig();
  const value = (key: keyof PageConfig): string => text(served[key]) || text(builtIn[key]);
  const config: PageConfig = {
    apiUrl: value('apiUrl') || location.origin,
    auth0Domain: value('auth0Domain'),
    auth0ClientId: value('auth0ClientId'),
    auth0Audience: value('auth0Audience'),
  };
  const missing = (['auth0Domain', 'auth0ClientId', 'auth0Audience'] as const).filter((key) => config[key] === '');
  if (missing.length > 0) throw new PageConfigError(`Missing in /config.json: ${missing.join(', ')}`);
  return config;
}
