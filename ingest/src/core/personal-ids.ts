import { hmacHex } from './hash.ts';

const EMAIL = /[^\s@:/]+@[^\s@:/]+\.[^\s@:/]{2,}/;
const TELEPHONE = /^\+?\d[\d ().-]{5,18}\d$/;
const DIGITS_OF_A_TELEPHONE_NUMBER = 7;

/** Whether an id could name a person: Timestream cannot delete, so such an id must never reach it. */
export function looksPersonal(id: string): boolean {
  if (EMAIL.test(id)) return true;
  return TELEPHONE.test(id) && id.replace(/\D/g, '').length >= DIGITS_OF_A_TELEPHONE_NUMBER;
}

/** Replaces ids that look like e-mail addresses or telephone numbers. */
export type Pseudonymiser = (id: string) => string;

/**
 * Makes the pseudonymiser of one territory: `a_` and an HMAC under a key of that territory, so that the same person
 * has one id inside a territory and unrelated ones across territories.
 */
export function createPseudonymiser(territoryId: number, secret: string): Pseudonymiser {
  const territoryKey = hmacHex(secret, `territory:${String(territoryId)}`);
  return (id) => (looksPersonal(id) ? `a_${hmacHex(territoryKey, id).slice(0, 32)}` : id);
}
