import type { LiveTailRecord } from '@lumina/contracts';

function isRecord(value: unknown): value is LiveTailRecord {
  if (typeof value !== 'object' || value === null) return false;
  const { v, source, seq, watermark, facts, changes, rewritten } = value as Readonly<Record<string, unknown>>;
  return (
    v === 1 &&
    typeof source === 'string' &&
    Number.isSafeInteger(seq) &&
    Number.isSafeInteger(watermark) &&
    Array.isArray(facts) &&
    (changes === undefined || Array.isArray(changes)) &&
    (rewritten === undefined || Array.isArray(rewritten))
  );
}

/** Reads one record of the live tail, which only ingestion writes: its frame is checked, its facts are taken as they are. */
export function parseTailRecord(data: Uint8Array): LiveTailRecord {
  const value: unknown = JSON.parse(Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('utf8'));
  if (!isRecord(value)) throw new TypeError('A record of the live tail has {v: 1, source, seq, watermark, facts}.');
  return value;
}
