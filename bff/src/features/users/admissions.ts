import type { Identity } from '../../auth/identity.ts';
import { HttpProblem } from '../../http/problem.ts';
import type { AccessRecord, AccessSource } from './access-register.ts';
import { effectiveIdentity } from './effective-identity.ts';
import type { Refusal } from './effective-identity.ts';

/** What admissions need. */
export interface AdmissionsOptions {
  readonly source: AccessSource;
  /** All changes of rights up to this instant are known, epoch ms; they arrive by {@link Admissions.forget}. */
  readonly followedAtMs: () => number;
  readonly now?: () => number;
  /** How long the store may take to answer before what is remembered must do. */
  readonly patienceMs?: number;
}

/** What is known of one identity, and whether that still holds. */
interface Ground {
  readonly key: string;
  isForgotten: boolean;
  /** `readAtMs` is when the reading began: whatever was committed before is in the record. */
  known?: { readonly record: AccessRecord; readonly readAtMs: number };
  reading?: Promise<AccessRecord>;
}

/** Goes along with copies of an identity, and into no text that is made of it. */
const GROUND = Symbol('what the admission rests on');

/** An identity, with what its admission rests on. */
type GroundedIdentity = Identity & { readonly [GROUND]?: Ground };

/** What is remembered is no older than this while the store answers. */
const FRESH_MS = 1_000;
/** Read anew after this even though nothing is known to have changed. */
const MAX_AGE_MS = 60_000;
/** For so long whoever was admitted is still admitted though the store cannot be asked. */
const GRACE_MS = 30_000;
const PATIENCE_MS = 1_500;
const MAX_REMEMBERED = 20_000;
const MAX_TRIES = 5;
const RETRY_AFTER_SECONDS = '2';

const WORDS: Readonly<Record<Exclude<Refusal, 'unknown_territory'>, string>> = {
  disabled: 'Your access to this territory has been disabled; ask an administrator of it.',
  outdated: 'Your rights here were withdrawn after this token was issued; sign in again.',
};

function refusalProblem(refusal: Refusal): HttpProblem {
  if (refusal === 'unknown_territory')
    return new HttpProblem('not_found', 'This region has no such territory; check X-Territory-Id and X-Region-Id.');
  return new HttpProblem('unauthenticated', WORDS[refusal], {
    headers: { 'WWW-Authenticate': 'Bearer error="invalid_token"' },
  });
}

function unknowable(cause: unknown): HttpProblem {
  return new HttpProblem('overloaded', 'Your rights cannot be looked up at the moment; try again shortly.', {
    cause,
    headers: { 'Retry-After': RETRY_AFTER_SECONDS },
  });
}

const keyOf = (territoryId: number, sub: string): string => `${String(territoryId)}\n${sub}`;

function tooLate(): Error {
  return new Error('The register of people did not answer in time.');
}

/** Decides who is let in, and remembers it for as long as it is known to be true. */
export class Admissions {
  readonly #source: AccessSource;
  readonly #followedAtMs: () => number;
  readonly #now: () => number;
  readonly #patienceMs: number;
  readonly #grounds = new Map<string, Ground>();
  #outageUntilMs = 0;

  constructor({ source, followedAtMs, now = Date.now, patienceMs = PATIENCE_MS }: AdmissionsOptions) {
    this.#source = source;
    this.#followedAtMs = followedAtMs;
    this.#now = now;
    this.#patienceMs = patienceMs;
  }

  /** The identity that holds; throws `unauthenticated`, `not_found`, or `overloaded` when nothing is known. */
  async admit(identity: Identity): Promise<Identity> {
    for (let tries = 0; tries < MAX_TRIES; tries += 1) {
      const ground = this.#groundFor(keyOf(identity.territoryId, identity.sub));
      const record = await this.#recordOf(ground, identity);
      // Changed while it was read: what was read may be from before.
      if (ground.isForgotten) continue;
      const admitted = effectiveIdentity(identity, record);
      if (typeof admitted === 'string') throw refusalProblem(admitted);
      const grounded: GroundedIdentity = { ...admitted, [GROUND]: ground };
      return grounded;
    }
    throw unknowable(new Error('The rights changed again and again while they were read.'));
  }

  /**
   * Whether a person was admitted and nothing is known to have changed since; asked before something long begins. Clients
   * are not admitted here.
   */
  isCurrent(identity: GroundedIdentity): boolean {
    return identity.kind !== 'user' || identity[GROUND]?.isForgotten === false;
  }

  /** Rights changed: whoever comes next is looked up. */
  forget({ territoryId, sub }: { readonly territoryId: number; readonly sub: string }): void {
    this.#drop(this.#grounds.get(keyOf(territoryId, sub)));
  }

  /** Changes were missed. @returns the territories that were known. */
  forgetAll(): ReadonlySet<number> {
    const territoryIds = new Set<number>();
    for (const ground of this.#grounds.values()) {
      territoryIds.add(Number(ground.key.split('\n', 1)[0]));
      this.#drop(ground);
    }
    return territoryIds;
  }

  #groundFor(key: string): Ground {
    const known = this.#grounds.get(key);
    if (known !== undefined) return known;
    // Whoever rests on the one that goes is looked up again, since nobody would tell it of a change.
    const [oldest] = this.#grounds.values();
    if (this.#grounds.size >= MAX_REMEMBERED) this.#drop(oldest);
    const ground: Ground = { key, isForgotten: false };
    this.#grounds.set(key, ground);
    return ground;
  }

  async #recordOf(ground: Ground, identity: Identity): Promise<AccessRecord> {
    const { known } = ground;
    if (known !== undefined && this.#isGood(known.readAtMs)) return known.record;
    if (known !== undefined && this.#isBridged(known.readAtMs) && this.#now() < this.#outageUntilMs)
      return known.record;
    const reading = (ground.reading ??= this.#read(ground, identity));
    try {
      return await (known !== undefined && this.#isBridged(known.readAtMs) ? this.#inTime(reading) : reading);
    } catch (error) {
      this.#outageUntilMs = this.#now() + FRESH_MS;
      // The reading may have taken so long that the grace is over.
      if (known !== undefined && this.#isBridged(known.readAtMs)) return known.record;
      throw unknowable(error);
    }
  }

  /** Reads once for all who ask meanwhile. */
  async #read(ground: Ground, identity: Identity): Promise<AccessRecord> {
    const readAtMs = this.#now();
    try {
      const record = await this.#source.recordOf(identity);
      ground.known = { record, readAtMs };
      return record;
    } catch (error) {
      // What nothing is known of need not be remembered.
      if (ground.known === undefined) this.#drop(ground);
      throw error;
    } finally {
      delete ground.reading;
    }
  }

  #isGood(readAtMs: number): boolean {
    const now = this.#now();
    return now - this.#knownAtMs(readAtMs) <= FRESH_MS && now - readAtMs <= MAX_AGE_MS;
  }

  #isBridged(readAtMs: number): boolean {
    return this.#now() - this.#knownAtMs(readAtMs) <= GRACE_MS;
  }

  #knownAtMs(readAtMs: number): number {
    return Math.max(readAtMs, this.#followedAtMs());
  }

  /** Whoever can be served from memory does not wait for a store that hangs. */
  async #inTime(reading: Promise<AccessRecord>): Promise<AccessRecord> {
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => {
        reject(tooLate());
      }, this.#patienceMs);
    });
    try {
      return await Promise.race([reading, limit]);
    } finally {
      clearTimeout(timer);
    }
  }

  #drop(ground: Ground | undefined): void {
    if (ground === undefined) return;
    ground.isForgotten = true;
    if (this.#grounds.get(ground.key) === ground) this.#grounds.delete(ground.key);
  }
}
