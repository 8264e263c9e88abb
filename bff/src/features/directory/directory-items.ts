import { replacePersonal } from '@lumina/contracts';
import { isTimeZone } from '../metrics/index.ts';
import type { DirectoryItem } from './directory-editor.ts';
import type { DirectoryKind } from './directory-store.ts';

/** Whether an id could name a person, so that it is never kept as it is. */
export function isPersonal(id: string): boolean {
  return replacePersonal(id, () => '') !== id;
}

/** An item that cannot be kept, and why. */
export interface ItemFault {
  readonly index: number;
  /** As it was sent, unless it could name a person. */
  readonly id: string;
  readonly detail: string;
}

/** Items as they are kept, or what is wrong with some. */
export interface ReadItems {
  readonly items: readonly DirectoryItem[];
  readonly faults: readonly ItemFault[];
}

const NO_SECRET =
  'looks like an address or a telephone number and this region has no key for pseudonyms; use another id';

/**
 * Prepares a bulk statement: ids that could name a person become the pseudonyms that facts have, and whatever could not be
 * kept is told of. Items are in the order given; every fault names its index.
 */
export function readItems(
  kind: DirectoryKind,
  given: readonly DirectoryItem[],
  pseudonymise: (id: string) => string,
): ReadItems {
  const faults: ItemFault[] = [];
  const seen = new Set<string>();
  const items = given.map((item, index) => {
    const read = readItem(item, pseudonymise);
    const tell = (detail: string): void => {
      faults.push({ index, id: isPersonal(read.id) ? '' : read.id, detail });
    };
    if (seen.has(read.id)) tell('is named more than once');
    seen.add(read.id);
    const ids = [read.id, read.externalId ?? '', read.teamId ?? '', ...(read.queueIds ?? [])];
    if (ids.some(isPersonal)) tell(NO_SECRET);
    if (typeof item.timeZone === 'string' && !isTimeZone(item.timeZone)) tell('has no time zone of the IANA list');
    if (kind !== 'agents' && (item.teamId !== undefined || item.queueIds !== undefined))
      tell('only agents have a team and queues');
    return read;
  });
  return { items, faults };
}

function readItem(item: DirectoryItem, pseudonymise: (id: string) => string): DirectoryItem {
  const { externalId, teamId, queueIds } = item;
  return {
    ...item,
    id: pseudonymise(item.id),
    ...(typeof externalId !== 'string' ? {} : { externalId: pseudonymise(externalId) }),
    ...(typeof teamId !== 'string' ? {} : { teamId: pseudonymise(teamId) }),
    ...(queueIds === undefined ? {} : { queueIds: [...new Set(queueIds.map(pseudonymise))] }),
  };
}
