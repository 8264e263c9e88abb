import { createHmac } from 'node:crypto';
import { createPseudonymiser } from '@lumina/contracts';
import type { RowScope } from '@lumina/contracts';

/** Ids as facts have them: what could name a person has become a pseudonym before it was stored. */
export type Pseudonyms = (territoryId: number) => (id: string) => string;

/** More territories than a region has boards open for; each costs one hash to come back. */
const MOST_TERRITORIES = 10_000;

function hmacHex(key: string, text: string): string {
  return createHmac('sha256', key).update(text).digest('hex');
}

/** Makes the pseudonyms that ingestion makes under the same secret, so that whoever asks may name the raw id. */
export function createPseudonyms(secret: string): Pseudonyms {
  const known = new Map<number, (id: string) => string>();
  return (territoryId) => {
    let pseudonymise = known.get(territoryId);
    if (pseudonymise === undefined) {
      if (known.size >= MOST_TERRITORIES) known.clear();
      pseudonymise = createPseudonymiser(territoryId, secret, hmacHex);
      known.set(territoryId, pseudonymise);
    }
    return pseudonymise;
  };
}

/** Without the secret of ingestion ids are taken as they are: only pseudonyms find what has one. */
export const asTheyAre: Pseudonyms = () => (id) => id;

/** A scope with its ids as facts have them. */
export function scopeOfFacts(scope: RowScope, pseudonymise: (id: string) => string): RowScope {
  const { queues, teams, agents } = scope;
  return {
    ...(queues === undefined ? {} : { queues: queues.map(pseudonymise) }),
    ...(teams === undefined ? {} : { teams: teams.map(pseudonymise) }),
    ...(agents === undefined ? {} : { agents: agents.map(pseudonymise) }),
  };
}
