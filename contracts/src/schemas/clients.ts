import Type from 'typebox';

import { PERMISSIONS } from '../identity.ts';
import { RowScopeSchema } from './identity.ts';

const MAX_NAME = 100;
const MAX_ORIGINS = 20;
/** The longest host name there is, with scheme and port. */
const MAX_ORIGIN = 270;

const RegisteredFields = {
  name: Type.String({ minLength: 1, maxLength: MAX_NAME, description: 'What people call it; never a secret' }),
  origins: Type.Array(Type.String({ minLength: 9, maxLength: MAX_ORIGIN }), {
    maxItems: MAX_ORIGINS,
    description: 'Whole https origins of the pages that may use it, like https://acme.example',
  }),
  permissions: Type.Array(Type.Enum([...PERMISSIONS]), {
    minItems: 1,
    maxItems: PERMISSIONS.length,
    uniqueItems: true,
    description: 'What its tokens may do at most: nothing that whoever registers it may not',
  }),
  scope: Type.Optional(RowScopeSchema),
};

/** What an administrator says of a registered client. */
export const ClientChangeSchema = Type.Object(RegisteredFields, { additionalProperties: false });

/** The same for a new one, whose kind stays as it is. */
export const ClientDraftSchema = Type.Object(
  {
    kind: Type.Enum(['service', 'embed'], {
      description: 'service: a program with tokens of its own; embed: a host that shows boards to its users',
    }),
    ...RegisteredFields,
  },
  { additionalProperties: false },
);

const StoredFields = {
  id: Type.String({ pattern: '^r[1-6]_[A-Za-z0-9_-]{22}$' }),
  kind: Type.Enum(['service', 'embed']),
  ...RegisteredFields,
  version: Type.Integer({ minimum: 1 }),
  createdAt: Type.String(),
  updatedAt: Type.String(),
  updatedBy: Type.String(),
  previousSecretUntil: Type.Optional(Type.String({ description: 'Until when the secret before the newest is taken' })),
  revokedAt: Type.Optional(Type.String()),
};

/** A registered client, without its secret. */
export const RegisteredClientSchema = Type.Object(StoredFields, { additionalProperties: false });

/** The registered clients of a territory. */
export const RegisteredClientListSchema = Type.Object({ items: Type.Array(RegisteredClientSchema) });

/** A registered client with its secret, which is shown this once and is not kept. */
export const ClientWithSecretSchema = Type.Object(
  { ...StoredFields, secret: Type.String() },
  { additionalProperties: false },
);

/** Answer of `GET /internal/client-origins` of a regional BFF: what its territories have registered. */
export const ClientOriginListSchema = Type.Object({
  origins: Type.Array(
    Type.Object({
      origin: Type.String({ maxLength: MAX_ORIGIN }),
      territoryIds: Type.Array(Type.Integer({ minimum: 1 })),
    }),
  ),
});
