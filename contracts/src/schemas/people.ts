import Type from 'typebox';

import { ROLES } from '../identity.ts';
import { RowScopeSchema } from './identity.ts';

const closed = { additionalProperties: false } as const;

/** Roles that a territory can give; the platform's own is not among them. */
const GrantableRolesSchema = Type.Array(Type.Enum(ROLES.filter((role) => role !== 'super_admin')), {
  minItems: 1,
  maxItems: 3,
  uniqueItems: true,
});

/** Body of `PUT /api/users/{sub}/grant`: all that the territory says of a person; what is absent is as the token says. */
export const GrantDraftSchema = Type.Object(
  {
    roles: Type.Optional(GrantableRolesSchema),
    scope: Type.Optional(RowScopeSchema),
  },
  closed,
);

/** What a territory says of a person, and how often that was changed. */
export const GrantSchema = Type.Object({
  version: Type.Integer({ minimum: 0, description: 'The ETag; 0: nothing was ever granted' }),
  roles: Type.Optional(Type.Array(Type.String(), { description: 'Instead of those of the token' })),
  scope: Type.Optional(RowScopeSchema),
  updatedAt: Type.Optional(Type.String({ format: 'date-time' })),
  updatedBy: Type.Optional(Type.String()),
});

/** A person of a territory, with the rights that hold. */
export const PersonSchema = Type.Object({
  id: Type.String({ description: 'The subject as a path can hold it, for /api/users/{person}' }),
  sub: Type.String(),
  name: Type.Optional(Type.String()),
  email: Type.Optional(Type.String()),
  source: Type.Enum(['token', 'invitation', 'grant'], {
    description: 'How the territory came to know the person: a token, an invitation, or a grant before either',
  }),
  roles: Type.Array(Type.String(), { description: 'That hold: granted, else of the newest token' }),
  scope: Type.Union([RowScopeSchema, Type.Null()], {
    description: 'That holds: what both the newest token and the grant allow; null is the whole territory',
  }),
  isDisabled: Type.Boolean(),
  addedAt: Type.String({ format: 'date-time' }),
  firstSeenAt: Type.Optional(Type.String({ format: 'date-time' })),
  lastSeenAt: Type.Optional(Type.String({ format: 'date-time' })),
  lastSignInAt: Type.Optional(Type.String({ format: 'date-time' })),
  grant: GrantSchema,
});

/** Reply of `GET /api/users`. */
export const PersonPageSchema = Type.Object({
  items: Type.Array(PersonSchema),
  cursor: Type.Optional(Type.String({ description: 'For the next page; absent on the last' })),
});

/** A person after a change, and what may be wrong with it. */
export const GrantedPersonSchema = Type.Object({
  person: PersonSchema,
  warnings: Type.Array(Type.String(), { description: 'Ids of the scope that the directory does not know' }),
});

/** Body of `POST /api/users/invitations`. */
export const InvitationDraftSchema = Type.Object(
  {
    email: Type.String({
      minLength: 3,
      maxLength: 254,
      pattern:
        '^[^@\\s\\u0000-\\u001f<>",;:\\\\]+@[^@\\s\\u0000-\\u001f<>",;:\\\\]+\\.[^@\\s\\u0000-\\u001f<>",;:\\\\]+$',
    }),
    roles: GrantableRolesSchema,
    scope: Type.Optional(RowScopeSchema),
  },
  closed,
);

/** An invitation that has not been followed yet. */
export const InvitationSchema = Type.Object({
  id: Type.String(),
  sub: Type.String(),
  email: Type.Optional(Type.String()),
  roles: Type.Array(Type.String()),
  scope: Type.Union([RowScopeSchema, Type.Null()]),
  invitedAt: Type.String({ format: 'date-time' }),
  invitedBy: Type.String(),
  expiresAt: Type.String({ format: 'date-time' }),
});

/** Reply of `GET /api/users/invitations`. */
export const InvitationListSchema = Type.Object({ items: Type.Array(InvitationSchema) });

/** Reply of `POST /api/users/invitations`: the link is told once and kept nowhere. */
export const NewInvitationSchema = Type.Object({
  invitation: InvitationSchema,
  inviteUrl: Type.String({ description: 'Where the invited person sets a password; shown this once' }),
  warnings: Type.Array(Type.String()),
});
