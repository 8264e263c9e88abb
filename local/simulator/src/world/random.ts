import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';

/** FNV-1a: a text becomes a 32-bit seed, so that every concern can have its own stream. */
const seedOf = (text: string): number => {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash | 0;
};

/**
 * A seeded stream of draws. Each concern (arrivals, talk, sampling…) owns one, so that a change in
 * how often one of them draws never alters the others.
 */
export class Random {
  readonly #generator: RandomGenerator;

  constructor(seedText: string) {
    this.#generator = xoroshiro128plus(seedOf(seedText));
  }

  /** Uniform in [0, 1). */
  fraction(): number {
    return uniformFloat64(this.#generator);
  }

  /** A whole number in [from, to], both included. */
  int(from: number, to: number): number {
    return uniformInt(this.#generator, Math.ceil(from), Math.max(Math.ceil(from), Math.floor(to)));
  }

  isHit(probability: number): boolean {
    return this.fraction() < probability;
  }

  /** Exponential with this mean. */
  exponential(mean: number): number {
    return -Math.log(1 - this.fraction()) * mean;
  }

  /** Sum of two exponentials: a humped, right-skewed duration with this mean. */
  humped(mean: number): number {
    return this.exponential(mean / 2) + this.exponential(mean / 2);
  }

  pick<T>(items: readonly T[]): T {
    const item = items[this.int(0, items.length - 1)];
    if (item === undefined) throw new RangeError('random_pick_empty: pick needs at least one item');
    return item;
  }

  /** The index of one weight, drawn in proportion to it. */
  weighted(weights: readonly number[]): number {
    let left = this.fraction() * weights.reduce((sum, weight) => sum + weight, 0);
    for (const [index, weight] of weights.entries()) {
      left -= weight;
      if (left < 0) return index;
    }
    return weights.length - 1;
  }

  uuid(): string {
    const words = Array.from({ length: 4 }, () =>
      (uniformInt(this.#generator, -0x80000000, 0x7fffffff) >>> 0).toString(16).padStart(8, '0'),
    ).join('');
    return [
      words.slice(0, 8),
      words.slice(8, 12),
      `4${words.slice(13, 16)}`,
      `a${words.slice(17, 20)}`,
      words.slice(20),
    ].join('-');
  }
}
