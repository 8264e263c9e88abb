import type Type from 'typebox';
import { Compile } from 'typebox/compile';
import type { ConfigChange } from '@lumina/contracts';
import { DirectoryFieldsSchema } from '@lumina/contracts/schemas';
import { isTimeZone } from '../metrics/index.ts';
import { isPersonal } from './directory-items.ts';
import type { DirectoryKind } from './directory-store.ts';

const KIND_OF_ENTITY: Readonly<Record<string, DirectoryKind>> = {
  queue: 'queues',
  agent: 'agents',
  team: 'teams',
  trunk: 'trunks',
};

/** The fields of a change, checked. */
export type DirectoryFields = Type.Static<typeof DirectoryFieldsSchema>;
const fieldsCheck = Compile(DirectoryFieldsSchema);

/** A change of the directory of one territory. */
export interface DirectoryChange {
  readonly territoryId: number;
  readonly kind: DirectoryKind;
  readonly id: string;
  readonly at: Date;
  readonly fields: DirectoryFields;
}

/** A zone that this machine does not know is none; an id that names a person elsewhere is not kept. */
function kept(fields: DirectoryFields): DirectoryFields {
  const { timeZone, externalId, ...others } = fields;
  return {
    ...others,
    ...(timeZone === undefined || (timeZone !== null && !isTimeZone(timeZone)) ? {} : { timeZone }),
    ...(externalId === undefined
      ? {}
      : { externalId: externalId === null || isPersonal(externalId) ? null : externalId }),
  };
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
  return {
    territoryId: Number(event.territoryId),
    kind,
    id: event.externalId,
    at: new Date(event.time),
    fields: kept(fields),
  };
}
