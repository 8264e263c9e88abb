import { hmacHex } from './hash.ts';
import { mayLookPersonal, replacePersonal } from './personal-text.ts';

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

/**
 * Makes the pseudonymiser of one territory: `a_` and an HMAC under a key of that territory, so that the same person
 * has one id inside a territory and unrelated ones across territories. Timestream cannot delete, so nothing that names
 * a person may reach it.
 */
export function createPseudonymiser(territoryId: number, secret: string): Pseudonymiser {
  const territoryKey = hmacHex(secret, `territory:${String(territoryId)}`);
  const pseudonymOf = (part: string): string => `a_${hmacHex(territoryKey, part).slice(0, 32)}`;
  return (id) => (isHarmless(id) ? id : replacePersonal(id, pseudonymOf));
}
