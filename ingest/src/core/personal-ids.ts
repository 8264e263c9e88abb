import { hmacHex } from './hash.ts';
import { mayLookPersonal, replacePersonal } from './personal-text.ts';

/** Replaces ids that look like e-mail addresses or telephone numbers. */
export type Pseudonymiser = (id: string) => string;

/**
 * Makes the pseudonymiser of one territory: `a_` and an HMAC under a key of that territory, so that the same person
 * has one id inside a territory and unrelated ones across territories. Timestream cannot delete, so nothing that names
 * a person may reach it.
 */
export function createPseudonymiser(territoryId: number, secret: string): Pseudonymiser {
  const territoryKey = hmacHex(secret, `territory:${String(territoryId)}`);
  const pseudonymOf = (part: string): string => `a_${hmacHex(territoryKey, part).slice(0, 32)}`;
  return (id) => (mayLookPersonal(id) ? replacePersonal(id, pseudonymOf) : id);
}
