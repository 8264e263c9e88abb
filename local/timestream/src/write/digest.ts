import { hash } from 'node:crypto';
import type { WriteRecord } from './record.ts';

const SEPARATOR = '\u0000';
const MAX_CACHED_SERIES = 50_000;

/** 64 bits of SHA-1 as a signed integer, as DuckDB's BIGINT holds it. */
function digest64(text: string): bigint {
  return hash('sha1', text, 'buffer').readBigInt64BE(0);
}

/** Hash of all measures: tells an idempotent retry from another value under the same version. */
export function digestOf(record: WriteRecord): bigint {
  const parts = record.measures.map(
    (measure) => `${measure.column}${SEPARATOR}${measure.type}${SEPARATOR}${String(measure.value)}`,
  );
  return digest64(parts.sort().join(SEPARATOR));
}

/** Hashes of dimension set and measure name; series repeat, so they are remembered. */
export class SeriesHasher {
  private readonly known = new Map<string, bigint>();

  seriesOf(record: WriteRecord): bigint {
    const text = `${record.measureName}${SEPARATOR}${record.dimensions.flat().join(SEPARATOR)}`;
    const known = this.known.get(text);
    if (known !== undefined) return known;
    if (this.known.size >= MAX_CACHED_SERIES) this.known.clear();
    const series = digest64(text);
    this.known.set(text, series);
    return series;
  }
}
