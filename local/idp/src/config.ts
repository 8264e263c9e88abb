/** One setting read from the environment. */
export interface Setting {
  readonly name: string;
  readonly type: 'string' | 'number' | 'port' | 'url' | 'list' | 'secret';
  readonly default?: string;
  readonly required: boolean;
  readonly description: string;
}

/** Every setting of the identity provider; the configuration page of the documentation is made from this table. */
export const SETTINGS: readonly Setting[] = [
  {
    name: 'HOST',
    type: 'string',
    default: '127.0.0.1',
    required: false,
    description: 'Address to listen on. Anything but a loopback address is refused: passwords here are public.',
  },
  {
    name: 'PORT',
    type: 'port',
    default: '8081',
    required: false,
    description: 'Port to listen on; 0 takes a free one.',
  },
  {
    name: 'LUMINA_IDP_ISSUER',
    type: 'url',
    required: false,
    description: 'Issuer of the tokens, with a trailing slash. Default: http://127.0.0.1:<PORT>/.',
  },
  {
    name: 'LUMINA_IDP_DIR',
    type: 'string',
    default: '.lumina/idp',
    required: false,
    description: 'Folder that keeps the signing key, so that tokens outlive a restart.',
  },
  {
    name: 'LUMINA_PAGE_ORIGINS',
    type: 'list',
    default: 'http://127.0.0.1:8080,http://localhost:8080,http://127.0.0.1:5173,http://localhost:5173',
    required: false,
    description: 'Origins of the pages that may log in, separated by commas: the distributor and the Vite server.',
  },
  {
    name: 'LUMINA_IDP_ACCESS_TOKEN_SECONDS',
    type: 'number',
    // Long enough to work in peace, short enough that renewal is exercised every day.
    default: '3600',
    required: false,
    description: 'Life of an access token in seconds, 10 to 86400.',
  },
  {
    name: 'LUMINA_IDP_MANAGEMENT_SECRET',
    type: 'secret',
    required: false,
    description:
      'Secret of the client lumina-management, which may invite, block and remove accounts; without it nobody can.',
  },
];

/** What the identity provider needs to know to start. */
export interface IdpConfig {
  readonly host: string;
  readonly port: number;
  /** Absent: made from the port that was taken. */
  readonly issuer?: string;
  readonly dataDir: string;
  readonly pageOrigins: readonly string[];
  readonly accessTokenSeconds: number;
  /** Absent: nobody manages accounts. */
  readonly managementSecret?: string;
}

const LOOPBACK = new Set(['127.0.0.1', '::1', 'localhost']);

const isOrigin = (text: string): boolean => URL.canParse(text) && new URL(text).origin === text;

/** Reads the settings, and reports every bad one at once. */
export function readIdpConfig(env: Readonly<Record<string, string | undefined>>): IdpConfig {
  const valueOf = (name: string): string | undefined => {
    const given = env[name];
    if (given !== undefined && given !== '') return given;
    return SETTINGS.find((setting) => setting.name === name)?.default;
  };
  const problems: string[] = [];
  const host = valueOf('HOST') ?? '127.0.0.1';
  if (!LOOPBACK.has(host)) problems.push(`HOST is ${host}: use a loopback address, such as 127.0.0.1`);
  const port = Number(valueOf('PORT'));
  if (!Number.isInteger(port) || port < 0 || port > 65535) problems.push('PORT must be a whole number from 0 to 65535');
  const issuer = valueOf('LUMINA_IDP_ISSUER');
  if (issuer !== undefined && !(URL.canParse(issuer) && issuer.endsWith('/'))) {
    problems.push(`LUMINA_IDP_ISSUER is ${issuer}: give a URL that ends with a slash`);
  }
  const pageOrigins = (valueOf('LUMINA_PAGE_ORIGINS') ?? '').split(',').map((origin) => origin.trim());
  for (const origin of pageOrigins) {
    if (!isOrigin(origin))
      problems.push(`LUMINA_PAGE_ORIGINS holds ${origin}: give origins such as http://127.0.0.1:8080`);
  }
  const accessTokenSeconds = Number(valueOf('LUMINA_IDP_ACCESS_TOKEN_SECONDS'));
  if (!Number.isInteger(accessTokenSeconds) || accessTokenSeconds < 10 || accessTokenSeconds > 86_400)
    problems.push('LUMINA_IDP_ACCESS_TOKEN_SECONDS must be a whole number from 10 to 86400');
  const managementSecret = valueOf('LUMINA_IDP_MANAGEMENT_SECRET');
  if (problems.length > 0) throw new Error(`configuration_invalid: ${problems.join('; ')}`);
  return {
    host,
    port,
    ...(issuer === undefined ? {} : { issuer }),
    dataDir: valueOf('LUMINA_IDP_DIR') ?? '.lumina/idp',
    pageOrigins,
    accessTokenSeconds,
    ...(managementSecret === undefined ? {} : { managementSecret }),
  };
}
