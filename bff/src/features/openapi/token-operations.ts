import Type from 'typebox';
import type { Route } from '../../http/route.ts';

const TokenFormSchema = Type.Object({
  grant_type: Type.Enum(['client_credentials']),
  client_id: Type.Optional(Type.String({ description: 'With client_secret, where they are not sent as Basic' })),
  client_secret: Type.Optional(Type.String()),
  scope: Type.Optional(
    Type.String({ description: 'Permissions, separated by spaces; default all that the client has' }),
  ),
});

const TokenReplySchema = Type.Object(
  {
    access_token: Type.String(),
    token_type: Type.Enum(['Bearer']),
    expires_in: Type.Integer({ minimum: 1 }),
    scope: Type.String(),
  },
  { additionalProperties: false },
);

const OAuthErrorSchema = Type.Object(
  { error: Type.String(), error_description: Type.String() },
  { additionalProperties: false },
);

const KeySetSchema = Type.Object(
  {
    keys: Type.Array(
      Type.Object(
        {
          kty: Type.Enum(['RSA']),
          n: Type.String(),
          e: Type.String(),
          kid: Type.String({ pattern: '^r[1-6]-' }),
          alg: Type.Enum(['RS256']),
          use: Type.Enum(['sig']),
        },
        { additionalProperties: false },
      ),
    ),
  },
  { additionalProperties: false },
);

/** What the documentation says of tokens for registered clients, which are served apart. */
export const TOKEN_OPERATIONS: readonly Route[] = [
  {
    method: 'post',
    path: '/oauth/token',
    summary: 'An access token for a registered client of kind service (RFC 6749, client credentials)',
    isOpen: true,
    body: TokenFormSchema,
    bodyMediaType: 'application/x-www-form-urlencoded',
    success: { status: 200, description: 'The token', schema: TokenReplySchema },
    failure: { mediaType: 'application/json', schema: OAuthErrorSchema },
  },
  {
    method: 'get',
    path: '/.well-known/lumina-embed.json',
    summary: 'The public keys of the tokens that this service issues; each key signs for one region',
    isOpen: true,
    success: { status: 200, description: 'A JSON Web Key Set', schema: KeySetSchema },
  },
];
