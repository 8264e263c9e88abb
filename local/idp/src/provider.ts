import { LOCAL_AUDIENCE } from '@lumina/contracts';
import Provider from 'oidc-provider';
import type { Configuration, KoaContextWithOIDC } from 'oidc-provider';
import type { KeyRing } from './keys.ts';
import { errorPage, logoutPage } from './pages.ts';
import { accessClaimsOf, userBySub } from './users.ts';

/** The client id of the standalone page. */
export const STANDALONE_CLIENT_ID = 'lumina-standalone';

const REFRESH_TOKEN_SECONDS = 14 * 24 * 3600;

function requestedAudience(ctx: KoaContextWithOIDC): string | undefined {
  const audience = ctx.oidc.params?.['audience'];
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

function resourceIndicators(
  accessTokenSeconds: number,
): NonNullable<NonNullable<Configuration['features']>['resourceIndicators']> {
  return {
    enabled: true,
    defaultResource: (ctx, _client, oneOf) => {
      const [first] = oneOf ?? [];
      return first ?? requestedAudience(ctx) ?? [];
    },
    useGrantedResource: () => true,
    getResourceServerInfo: (_ctx, audience) => {
      if (audience !== LOCAL_AUDIENCE) throw new Error(`audience_unknown: ${audience}; use ${LOCAL_AUDIENCE}`);
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

function features(accessTokenSeconds: number): NonNullable<Configuration['features']> {
  return {
    devInteractions: { enabled: false },
    revocation: { enabled: true },
    resourceIndicators: resourceIndicators(accessTokenSeconds),
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
}

/** An OpenID provider with the paths and habits of an Auth0 tenant. */
export function createProvider({ issuer, ring, pageOrigins, accessTokenSeconds }: ProviderParts): Provider {
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
      const user = userBySub(sub);
      if (user === undefined) return undefined;
      const { email, name } = user;
      return {
        accountId: sub,
        claims: () => ({ sub, name, nickname: email.split('@')[0] ?? name, email, email_verified: true }),
      };
    },
    extraTokenClaims: (_ctx, token) => {
      const user = 'accountId' in token ? userBySub(token.accountId) : undefined;
      return user === undefined ? undefined : accessClaimsOf(user);
    },
    loadExistingGrant: firstPartyGrant,
    // The page asks for no offline_access that would survive: a refresh token follows from the client's grant types.
    issueRefreshToken: (_ctx, client) => client.grantTypeAllowed('refresh_token'),
    rotateRefreshToken: true,
    conformIdTokenClaims: false,
    expiresWithSession: () => false,
    ttl: lifetimesSeconds(accessTokenSeconds),
    features: features(accessTokenSeconds),
    renderError: (ctx, out) => {
      ctx.type = 'html';
      ctx.body = errorPage(out.error, out.error_description ?? '');
    },
  });
  return provider;
}
