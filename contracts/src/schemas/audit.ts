import Type from 'typebox';

import { AUDIT_ACTIONS } from '../audit.ts';

/** What was done to which thing. */
const AuditTargetSchema = Type.Object({ kind: Type.String(), id: Type.String() });

/** One act in a territory, as `GET /api/audit` tells it. */
export const AuditEntrySchema = Type.Object({
  id: Type.String(),
  /** RFC 3339 with milliseconds. */
  at: Type.String(),
  action: Type.Enum([...AUDIT_ACTIONS]),
  actor: Type.Object({ sub: Type.String(), roles: Type.Array(Type.String()) }),
  /** Why a super_admin looked into this territory; null for its own people. */
  reason: Type.Union([Type.String(), Type.Null()]),
  target: Type.Union([AuditTargetSchema, Type.Null()]),
  detail: Type.Record(Type.String(), Type.Unknown()),
});

/** A page of the audit trail, newest first. */
export const AuditPageSchema = Type.Object({
  items: Type.Array(AuditEntrySchema),
  /** Where the next, older page begins; null at the end. */
  next: Type.Union([Type.String(), Type.Null()]),
});
