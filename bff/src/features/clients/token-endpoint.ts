import { timingSafeEqual } from 'node:crypto';
import { Router, urlencoded } from 'express';
import type { Request, RequestHandler } from 'express';
import type { Logger } from 'pino';
import { CLIENT_ID } from '@lumina/contracts';
import type { Permission, RegionId } from '@lumina/contracts';
import { SERVICE_TOKEN_SECONDS, issueServiceToken } from '../../auth/issued/issue-token.ts';
import type { SigningKeys } from '../../auth/issued/signing-keys.ts';
import { limitRate } from '../../http/rate-limits.ts';
import { credentialsOf, fieldOf } from './client-credentials.ts';
import type { ClientCredentials, Form } from './client-credentials.ts';
import { digestOfSecret } from './client-fields.ts';
import type { ClientSecrets, ClientSource } from './client-store.ts';
import { OAuthError, oauthErrorHandler } from './oauth-error.ts';

/** What the token endpoint needs. */
export interface TokenEndpointOptions {
  readonly source: Pick<ClientSource, 'findSecrets'>;
  /** Absent where this region has no keys to sign with. */
  readonly keys?: () => Promise<SigningKeys>;
  readonly audience: string;
  readonly regionId: RegionId;
  readonly addressOf: (request: Request) => string | undefined;
  readonly limits: TokenLimits;
  readonly logger: Logger;
}

/** Requests a minute for tokens, right or wrong. */
export interface TokenLimits {
  /** Of one client from one address: whoever guesses from elsewhere does not shut the client out. */
  readonly client: number;
  /** Of one address, whatever clients it names. */
  readonly address: number;
}

/** A token lasts fifteen minutes: one a minute from each of thirty servers of a client is plenty. */
export const DEFAULT_TOKEN_LIMITS: TokenLimits = { client: 30, address: 300 };

const MAX_FORM = '16kb';
const MAX_FIELDS = 20;
/** Of nothing, so that an unknown client takes as long as a wrong secret. */
const NO_DIGEST = '0'.repeat(64);

/** Compares with every digest, so that the time tells nothing about which of them fits. */
function isSecretOf(secret: string, hashes: readonly string[]): boolean {
  const given = Buffer.from(digestOfSecret(secret), 'hex');
  let isMatch = false;
  for (const hash of hashes) isMatch = timingSafeEqual(given, Buffer.from(hash, 'hex')) || isMatch;
  return isMatch;
}

async function authenticated(
  { clientId, secret }: ClientCredentials,
  { source }: Pick<TokenEndpointOptions, 'source'>,
): Promise<ClientSecrets> {
  // What is no id is not looked for: it could hold what the database refuses.
  const client = CLIENT_ID.test(clientId) ? await source.findSecrets(clientId) : undefined;
  const isRight = isSecretOf(secret, client?.secretHashes ?? [NO_DIGEST]);
  if (client === undefined || !isRight)
    throw new OAuthError('invalid_client', 'The client is unknown or revoked, or its secret is wrong.');
  return client;
}

/** What is granted: all that the client has, or the part it asks for; more than it has is refused. */
function grantedOf(client: ClientSecrets, asked: string | undefined): readonly Permission[] {
  if (asked === undefined) return client.permissions;
  const names = new Set(asked.split(' ').filter((name) => name !== ''));
  const granted = client.permissions.filter((name) => names.has(name));
  if (granted.length === 0 || granted.length !== names.size)
    throw new OAuthError('invalid_scope', 'Ask for permissions that the client is registered with, or for none.');
  return granted;
}

function issue(options: TokenEndpointOptions): RequestHandler {
  const { keys, audience, regionId } = options;
  return async (request, response) => {
    const form = (request.body ?? {}) as Form;
    const credentials = credentialsOf(request, form);
    const client = await authenticated(credentials, options);
    const grantType = fieldOf(form, 'grant_type');
    if (grantType === undefined) throw new OAuthError('invalid_request', 'Send grant_type=client_credentials.');
    if (grantType !== 'client_credentials')
      throw new OAuthError('unsupported_grant_type', 'Only grant_type=client_credentials is known here.');
    if (client.kind !== 'service')
      throw new OAuthError('unauthorized_client', 'Only clients of kind service get tokens of their own.');
    if (keys === undefined)
      throw new OAuthError('temporarily_unavailable', 'This region has no keys to sign tokens with.');
    const permissions = grantedOf(client, fieldOf(form, 'scope'));
    const { id: clientId, territoryId, scope } = client;
    const token = await issueServiceToken(await keys(), audience, {
      clientId,
      territoryId,
      regionId,
      permissions,
      ...(scope === undefined ? {} : { scope }),
    });
    response.set('Cache-Control', 'no-store').json({
      access_token: token,
      token_type: 'Bearer',
      expires_in: SERVICE_TOKEN_SECONDS,
      scope: permissions.join(' '),
    });
  };
}

/** Who is named, before anything is checked: only good for counting. */
function namedClient(request: Request): string {
  try {
    return credentialsOf(request, (request.body ?? {}) as Form).clientId.slice(0, 64);
  } catch (error) {
    if (error instanceof OAuthError) return '';
    throw error;
  }
}

const requireForm: RequestHandler = (request, _response, next) => {
  if (request.is('application/x-www-form-urlencoded') === false)
    throw new OAuthError('invalid_request', 'Send a form: Content-Type: application/x-www-form-urlencoded.');
  next();
};

/** `POST /oauth/token`: access tokens for registered clients (RFC 6749 §4.4). */
export function createTokenRouter(options: TokenEndpointOptions): Router {
  const { addressOf, limits, logger } = options;
  const router = Router();
  router.post(
    '/oauth/token',
    limitRate({
      name: 'token-address',
      limit: limits.address,
      keyOf: (request) => addressOf(request) ?? '-',
      onLimited: undefined,
    }),
    requireForm,
    urlencoded({ extended: false, limit: MAX_FORM, parameterLimit: MAX_FIELDS }),
    limitRate({
      name: 'token-client',
      limit: limits.client,
      keyOf: (request) => `${addressOf(request) ?? '-'} ${namedClient(request)}`,
      onLimited: undefined,
    }),
    issue(options),
  );
  router.use('/oauth/token', oauthErrorHandler(logger));
  return router;
}
