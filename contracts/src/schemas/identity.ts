import Type from 'typebox';

import { ROLES } from '../identity.ts';

const IdList = Type.Array(Type.String({ minLength: 1, maxLength: 200 }), { maxItems: 1_000 });
/** Positive ids come as numbers or as decimal strings without leading zeros. */
const ClaimedId = Type.Union([
  Type.Integer({ minimum: 1, maximum: 2_147_483_647 }),
  Type.String({ pattern: '^[1-9]\\d{0,9}$' }),
]);

/** The claim `lumina_scope`. Closed: a misspelt key must never widen a scope. */
export const RowScopeSchema = Type.Object(
  { queues: Type.Optional(IdList), teams: Type.Optional(IdList), agents: Type.Optional(IdList) },
  { additionalProperties: false },
);

/** Claims of an access token after namespaces are removed. Other claims are ignored, OAuth's `scope` among them. */
export const TokenClaimsSchema = Type.Object({
  sub: Type.String({ minLength: 1, maxLength: 255, pattern: '^[^\\u0000-\\u001f\\u007f-\\u009f]+$' }),
  territory_id: Type.Optional(ClaimedId),
  region_id: Type.Optional(ClaimedId),
  roles: Type.Array(Type.Enum([...ROLES]), { minItems: 1, maxItems: 10 }),
  permissions: Type.Array(Type.String({ maxLength: 100 }), { maxItems: 200 }),
  lumina_scope: Type.Optional(RowScopeSchema),
  exp: Type.Number({ exclusiveMinimum: 0 }),
  iat: Type.Optional(Type.Number({ exclusiveMinimum: 0 })),
  auth_time: Type.Optional(Type.Number({ exclusiveMinimum: 0 })),
});

/** Reply of `GET /api/session`. */
export const SessionSchema = Type.Object({
  user: Type.Object({ id: Type.String() }),
  territory: Type.Object({ id: Type.Number(), name: Type.String(), timeZone: Type.String() }),
  region: Type.Object({ id: Type.Number(), code: Type.String(), name: Type.String() }),
  roles: Type.Array(Type.String()),
  permissions: Type.Array(Type.String()),
  scope: Type.Union([RowScopeSchema, Type.Null()]),
  streamUrl: Type.String(),
  minClient: Type.String(),
});
