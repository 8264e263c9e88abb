import type { WriteRecord } from './record.ts';

const NUMBER_BYTES = 8;
// UTF-8 has at most three bytes for each unit of a JavaScript string.
const MAX_BYTES_PER_UNIT = 3;

/** The size of a record in bytes: the UTF-8 of its names and texts, and eight bytes for its time and each number. */
export function recordBytes(record: WriteRecord): number {
  return sizeOf(record, (text) => Buffer.byteLength(text));
}

/** Whether a record is larger than a limit; most are so much smaller that nothing needs to be encoded to tell. */
export function isLargerThan(record: WriteRecord, maxBytes: number): boolean {
  return sizeOf(record, unitsOf) * MAX_BYTES_PER_UNIT > maxBytes && recordBytes(record) > maxBytes;
}

const unitsOf = (text: string): number => text.length;

function sizeOf(record: WriteRecord, measure: (text: string) => number): number {
  let size = NUMBER_BYTES + measure(record.measureName);
  for (const [name, value] of record.dimensions) size += measure(name) + measure(value);
  for (const { column, kind, value } of record.measures) {
    // The name of a single value is that of the record.
    if (kind === 'multi') size += measure(column);
    size += typeof value === 'string' ? measure(value) : NUMBER_BYTES;
  }
  return size;
}
