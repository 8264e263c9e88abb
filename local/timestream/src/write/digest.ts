import { hash } from 'node:crypto';
import type { Fingerprint } from '../store/key-table.ts';
import type { MeasureValue, WriteRecord } from './record.ts';

const SEPARATOR = '\u0000';
const MAX_CACHED_SERIES = 50_000;

const halves = new Int32Array(2);
const whole = new BigInt64Array(halves.buffer);

/** Both halves as the signed integer that DuckDB's BIGINT holds. */
function joined(high: number, low: number): bigint {
  halves[0] = low;
  halves[1] = high;
  return whole[0] ?? 0n;
}

/** Both halves of a stored integer. */
function split(value: bigint): Fingerprint {
  whole[0] = value;
  return { high: halves[1] ?? 0, low: halves[0] ?? 0 };
}

/** The last steps of MurmurHash3 (Austin Appleby, public domain): spreads every bit over all others, and loses none. */
function spread(value: number): number {
  let mixed = value ^ (value >>> 16);
  mixed = Math.imul(mixed, 0x85ebca6b);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}

/** Two 32-bit hashes of a text in one pass: FNV-1a, and the body of MurmurHash3 over single characters. */
function hashText(text: string): Fingerprint {
  let high = 0x811c9dc5;
  let low = text.length;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    high = Math.imul(high ^ code, 0x01000193);
    low ^= Math.imul(code, 0xcc9e2d51);
    low = Math.imul((low << 13) | (low >>> 19), 5) + 0xe6546b64;
  }
  return { high: spread(high), low: spread(low) };
}

/** The one text of a value, however it was written. */
const textOf = ({ value }: MeasureValue): string => String(value);

/**
 * 64 bits over all measures, in any order: tells an idempotent retry from another value under the same version. The
 * hashes of the measures are added up, each over name, type and value.
 */
export function digestOf({ measures }: WriteRecord): bigint {
  let high = 0;
  let low = 0;
  for (const measure of measures) {
    const hash = hashText(`${measure.column}${SEPARATOR}${measure.type}${SEPARATOR}${textOf(measure)}`);
    high = (high + hash.high) | 0;
    low = (low + hash.low) | 0;
  }
  return joined(high, low);
}

/** A series as it is stored, and as fingerprints begin. */
export type Series = Fingerprint & { readonly stored: bigint };

/** Hashes of dimension set and measure name; series repeat, so they are remembered. */
export class SeriesHasher {
  private readonly known = new Map<string, Series>();

  seriesOf(record: WriteRecord): Series {
    let text = record.measureName;
    for (const [name, value] of record.dimensions) text += SEPARATOR + name + SEPARATOR + value;
    const known = this.known.get(text);
    if (known !== undefined) return known;
    if (this.known.size >= MAX_CACHED_SERIES) this.known.clear();
    // Two series that shared a hash would overwrite each other: here only a cryptographic one is good enough.
    const series = storedSeries(hash('sha1', text, 'buffer').readBigInt64BE(0));
    this.known.set(text, series);
    return series;
  }
}

/** A series that was read from the store. */
export const storedSeries = (stored: bigint): Series => ({ ...split(stored), stored });

/**
 * The name of one record among those of its table. For one series it is a permutation of time: two records of a series
 * never share it.
 */
export function fingerprintOf(series: Series, timeNs: bigint): Fingerprint {
  const time = split(timeNs);
  const low = spread(series.low ^ time.low);
  const high = spread(series.high ^ time.high ^ low);
  return { high, low: low ^ spread(high) };
}
