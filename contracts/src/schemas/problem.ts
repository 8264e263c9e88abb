import Type from 'typebox';

import { PROBLEMS, type ProblemCode } from '../problems.ts';

/** An RFC 9457 problem. */
export const ProblemSchema = Type.Object({
  type: Type.String(),
  title: Type.String(),
  status: Type.Integer(),
  detail: Type.String(),
  code: Type.Enum(Object.keys(PROBLEMS) as ProblemCode[]),
  requestId: Type.String(),
  /** Of a `conflict`: what is stored now, and what was refused; both whole, so that nothing written is lost. */
  current: Type.Optional(Type.Unknown()),
  submitted: Type.Optional(Type.Unknown()),
});
