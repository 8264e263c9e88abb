import Type from 'typebox';
import { Compile } from 'typebox/compile';
import type { ConfigChange } from '@lumina/contracts';
import type { DirectoryKind } from './directory-store.ts';

const KIND_OF_ENTITY: Readonly<Record<string, DirectoryKind>> = {
  queue: 'queues',
  agent: 'agents',
  team: 'teams',
  trunk: 'trunks',
};

const Id = Type.String({ minLength: 1, maxLength: 200 });

/** What a change may say of a queue, agent, team or trunk; what it does not say stays as it is. */
const FieldsSchema = Type.Object({
  name: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
  /** The thing's id elsewhere, as that of a Salesforce user. */
  externalId: Type.Optional(Type.Union([Id, Type.Null()])),
  /** Of agents. */
  teamId: Type.Optional(Type.Union([Id, Type.Null()])),
  /** Of agents: all the queues served from now on. */
  queueIds: Type.Optional(Type.Array(Id, { maxItems: 1_000 })),
  /** Gone from now on; its past keeps its name. */
  deleted: Type.Optional(Type.Boolean()),
});
/** The fields of a change, checked. */
export type DirectoryFields = Type.Static<typeof FieldsSchema>;
const fieldsCheck = Compile(FieldsSchema);

/** A change of the directory of one territory. */
export interface DirectoryChange {
  readonly territoryId: number;
  readonly kind: DirectoryKind;
  readonly id: string;
  readonly at: Date;
  readonly fields: DirectoryFields;
}

/**
 * Reads a CONFIG_CHANGE event. `externalId` is the id that facts use; `change` is `created`, `updated`, `deleted`, or
 * the fields that changed. Undefined when it speaks of something the directory does not hold, as of a routing policy.
 * Throws a TypeError with what is wrong in it.
 */
export function directoryChangeOf(event: ConfigChange): DirectoryChange | undefined {
  const kind = Object.hasOwn(KIND_OF_ENTITY, event.entity) ? KIND_OF_ENTITY[event.entity] : undefined;
  if (kind === undefined) return undefined;
  const fields = typeof event.change === 'string' ? { deleted: event.change === 'deleted' } : event.change;
  if (!fieldsCheck.Check(fields)) {
    const [error] = fieldsCheck.Errors(fields);
    throw new TypeError(`change${error?.instancePath ?? ''} ${error?.message ?? 'does not fit'}`);
  }
  return { territoryId: Number(event.territoryId), kind, id: event.externalId, at: new Date(event.time), fields };
}
