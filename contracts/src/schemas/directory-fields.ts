import Type from 'typebox';

import { IdSchema } from './id.ts';

/** What a change says of a queue, agent, team or trunk; what it does not say stays as it is. */
export const DirectoryFieldsSchema = Type.Object({
  name: Type.Optional(IdSchema),
  /** The thing's id elsewhere, as that of a Salesforce user. */
  externalId: Type.Optional(Type.Union([IdSchema, Type.Null()])),
  /** IANA name, where the thing has a zone of its own. */
  timeZone: Type.Optional(Type.Union([IdSchema, Type.Null()])),
  /** Of agents. */
  teamId: Type.Optional(Type.Union([IdSchema, Type.Null()])),
  /** Of agents: all the queues served from now on. */
  queueIds: Type.Optional(Type.Array(IdSchema, { maxItems: 1_000 })),
  /** Gone from now on; its past keeps its name. */
  deleted: Type.Optional(Type.Boolean()),
});
