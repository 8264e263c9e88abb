import { createRemoteJWKSet, errors } from 'jose';
import type { JWTVerifyGetKey } from 'jose';

/** The public keys of one issuer, as they are published now. */
export interface KeySet {
  /** Finds the key that a token names; an unknown one is looked for anew, but not more often than the cool-down allows. */
  readonly find: JWTVerifyGetKey;
  /**
   * Names the set that is known; another name means that keys came or went, so what was verified with them before must be
   * verified again. Asking it also looks for a newer set in the background once the known one is old.
   */
  readonly generation: () => number;
}

/** How long a key set is believed, and how soon it may be asked for again. */
export interface KeySetOptions {
  readonly maxAgeMs?: number;
  readonly cooldownMs?: number;
  /** How soon a key set that could not be read is asked for again. */
  readonly failureCooldownMs?: number;
}

/** A key that was withdrawn is dead after this; Auth0 keeps both keys published while it rotates. */
const MAX_AGE_MS = 300_000;
/** A storm of tokens with made-up key ids costs one request in so long. */
const COOLDOWN_MS = 30_000;
const FAILURE_COOLDOWN_MS = 1_000;

/** Reads the keys that an issuer publishes, when they are needed. */
export function createKeySet(url: string, options: KeySetOptions = {}): KeySet {
  const { maxAgeMs = MAX_AGE_MS, cooldownMs = COOLDOWN_MS, failureCooldownMs = FAILURE_COOLDOWN_MS } = options;
  const remote = createRemoteJWKSet(new URL(url), { cacheMaxAge: maxAgeMs, cooldownDuration: cooldownMs });
  let known = '';
  let generation = 0;
  let failure: { readonly error: unknown; readonly untilMs: number } | undefined;

  function noteChange(): void {
    const published = JSON.stringify(remote.jwks() ?? null);
    if (published === known) return;
    known = published;
    generation += 1;
  }

  function noteFailure(error: unknown): void {
    // Without a matching key the set was read all the same.
    if (error instanceof errors.JWKSNoMatchingKey) return;
    failure = { error, untilMs: Date.now() + failureCooldownMs };
  }

  function isWaiting(): boolean {
    return failure !== undefined && Date.now() < failure.untilMs;
  }

  function lookForNewer(): void {
    if (remote.jwks() === undefined || remote.fresh || remote.reloading || isWaiting()) return;
    // What is remembered stays good while the issuer cannot be asked: an outage there signs nobody out here.
    remote.reload().then(noteChange, noteFailure);
  }

  return {
    find: async (header, token) => {
      if (failure !== undefined && isWaiting() && !remote.fresh) throw failure.error;
      try {
        const key = await remote(header, token);
        failure = undefined;
        return key;
      } catch (error) {
        noteFailure(error);
        throw error;
      } finally {
        noteChange();
      }
    },
    generation: () => {
      lookForNewer();
      return generation;
    },
  };
}
