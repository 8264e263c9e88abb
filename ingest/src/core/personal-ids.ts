import { createPseudonymiser as createTerritoryPseudonymiser, mayLookPersonal } from '@lumina/contracts';

import { hmacHex } from './hash.ts';

/** Replaces ids that look like e-mail addresses or telephone numbers. */
export type Pseudonymiser = (id: string) => string;

const LONGEST_KNOWN = 32;
const MOST_KNOWN = 20_000;
/** Ids that name nobody. Those of queues, agents and teams come again and again: they need not be looked at each time. */
const harmless = new Set<string>();

function isHarmless(id: string): boolean {
  if (id.length > LONGEST_KNOWN) return !mayLookPersonal(id);
  if (harmless.has(id)) return true;
  if (mayLookPersonal(id)) return false;
  if (harmless.size >= MOST_KNOWN) harmless.clear();
  harmless.add(id);
  return true;
}

/** Makes the pseudonymiser of one territory. Timestream cannot delete, so nothing that names a person may reach it. */
export function createPseudonymiser(territoryId: number, secret: string): Pseudonymiser {
  const pseudonymise = createTerritoryPseudonymiser(territoryId, secret, hmacHex);
  return (id) => (isHarmless(id) ? id : pseudonymise(id));
}
