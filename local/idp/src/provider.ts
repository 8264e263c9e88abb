import { LOCAL_AUDIENCE } from '@lumina/contracts';
import Provider from 'oidc-provider';
import type { Configuration, KoaContextWithOIDC } from 'oidc-provider';
import type { Accounts } from './accounts.ts';
import type { KeyRing } from './keys.ts';
import { MANAGEMENT_CLIENT_ID, managementAudience } from './management.ts';
import { errorPage, logoutPage } from './pages.ts';
import { accessClaimsOf } from './users.ts';

/** The client id of the standalone page. */
export const STANDALONE_CLIENT_ID = 'lumina-standalone';

const REFRESH_TOKEN_SECONDS = 14 * 24 * 3600;

function requestedAudience(ctx: KoaContextWithOIDC): string | undefined {
  // Of client credentials only the body has it: it is a parameter of Auth0, not of OAuth.
  const audience = ctx.oidc.params?.['audience'] ?? ctx.oidc.body?.['audience'];
  return typeof audience === 'string' && audience !== '' ? audience : undefined;
}

/** A grant for whatever was asked: a first-party application shows no consent page, as with Auth0. */
async function firstPartyGrant(ctx: KoaContextWithOIDC): Promise<InstanceType<Provider['Grant']> | undefined> {
  const { client, session, provider } = ctx.oidc;
  if (client === undefined || session?.accountId === undefined) return undefined;
  const existingId = ctx.oidc.result?.consent?.grantId ?? session.grantIdFor(client.clientId);
  const existing = existingId === undefined ? undefined : await provider.Grant.find(existingId);
  const grant = existing ?? new provider.Grant({ accountId: session.accountId, clientId: client.clientId });
  grant.addOIDCScope('openid profile email offline_access');
  await grant.save();
  return grant;
}

function resourceIndicators({
  issuer,
  accessTokenSeconds,
}: ProviderParts): NonNullable<NonNullable<Configuration['features']>['resourceIndicators']> {
  return {
    enabled: true,
    defaultResource: (ctx, _client, oneOf) => {
      const [first] = oneOf ?? [];
      return first ?? requestedAudience(ctx) ?? [];
    },
    useGrantedResource: () => true,
    getResourceServerInfo: (_ctx, audience, client) => {
      const own = client.clientId === MANAGEMENT_CLIENT_ID ? managementAudience(issuer) : LOCAL_AUDIENCE;
      if (audience !== own) throw new Error(`audience_unknown: ${audience}; use ${own}`);
      return {
        scope: '',
        audience,
        accessTokenTTL: accessTokenSeconds,
        accessTokenFormat: 'jwt',
        jwt: { sign: { alg: 'RS256' } },
      };
    },
  };
}

function features(parts: ProviderParts): NonNullable<Configuration['features']> {
  return {
    devInteractions: { enabled: false },
    revocation: { enabled: true },
    clientCredentials: { enabled: parts.managementSecret !== undefined },
    resourceIndicators: resourceIndicators(parts),
    webMessageResponseMode: { enabled: true, ack: 'individual-draft-01' },
    rpInitiatedLogout: {
      enabled: true,
      logoutSource: (ctx, form) => {
        ctx.body = logoutPage(form);
      },
    },
  };
}

const lifetimesSeconds = (accessTokenSeconds: number) => ({
  AccessToken: accessTokenSeconds,
  ClientCredentials: accessTokenSeconds,
  AuthorizationCode: 60,
  IdToken: accessTokenSeconds,
  RefreshToken: REFRESH_TOKEN_SECONDS,
  Grant: REFRESH_TOKEN_SECONDS,
  Session: REFRESH_TOKEN_SECONDS,
  Interaction: 3600,
});

/** What an OpenID provider is made from. */
export interface ProviderParts {
  readonly issuer: string;
  readonly ring: KeyRing;
  readonly pageOrigins: readonly string[];
  readonly accessTokenSeconds: number;
  readonly accounts: Accounts;
  /** Absent: nobody manages accounts. */
  readonly managementSecret?: string;
}

function managementClients({ managementSecret }: ProviderParts): NonNullable<Configuration['clients']> {
  if (managementSecret === undefined) return [];
  return [
    {
      client_id: MANAGEMENT_CLIENT_ID,
      client_secret: managementSecret,
      token_endpoint_auth_method: 'client_secret_post',
      grant_types: ['client_credentials'],
      response_types: [],
      redirect_uris: [],
    },
  ];
}

/** An OpenID provider with the paths and habits of an Auth0 tenant. */
export function createProvider(parts: ProviderParts): Provider {
  const { issuer, ring, pageOrigins, accessTokenSeconds, accounts } = parts;
  const pages = pageOrigins.map((origin) => `${origin}/`);
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: STANDALONE_CLIENT_ID,
        application_type: 'web',
        token_endpoint_auth_method: 'none',
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        redirect_uris: pages,
        post_logout_redirect_uris: [...pages, ...pageOrigins],
      },
      ...managementClients(parts),
    ],
    jwks: { keys: [ring.signing] },
    cookies: { keys: [ring.cookieSecret] },
    routes: {
      authorization: '/authorize',
      token: '/oauth/token',
      jwks: '/.well-known/jwks.json',
      userinfo: '/userinfo',
      end_session: '/oidc/logout',
      revocation: '/oauth/revoke',
    },
    scopes: ['openid', 'offline_access', 'profile', 'email'],
    claims: { openid: ['sub'], profile: ['name', 'nickname'], email: ['email', 'email_verified'] },
    pkce: { required: () => true },
    extraParams: ['audience', 'auth0Client', 'organization'],
    clientBasedCORS: (_ctx, origin) => pageOrigins.includes(origin),
    interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
    findAccount: (_ctx, sub) => {
      const user = accounts.bySub(sub);
      if (user === undefined || accounts.isBlocked(sub)) return undefined;
      const { email, name } = user;
      return {
        accountId: sub,
        claims: () => ({ sub, name, nickname: email.split('@')[0] ?? name, email, email_verified: true }),
      };
    },
    extraTokenClaims: (_ctx, token) => {
      const user = 'accountId' in token ? accounts.bySub(token.accountId) : undefined;
      return user === undefined ? undefined : accessClaimsOf(user);
    },
    loadExistingGrant: firstPartyGrant,
    // The page asks for no offline_access that would survive: a refresh token follows from the client's grant types.
    issueRefreshToken: (_ctx, client) => client.grantTypeAllowed('refresh_token'),
    rotateRefreshToken: true,
    conformIdTokenClaims: false,
    expiresWithSession: () => false,
    ttl: lifetimesSeconds(accessTokenSeconds),
    features: features(parts),
    renderError: (ctx, out) => {
      ctx.type = 'html';
      ctx.body = errorPage(out.error, out.error_description ?? '');
    },
  });
  return provider;
}
