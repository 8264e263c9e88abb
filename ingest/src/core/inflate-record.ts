import { gunzipSync } from 'node:zlib';

import { DecodeError } from './decode-error.ts';

const GZIP_MAGIC = [0x1f, 0x8b];

/** What a record may become: an event has at most 1,000,000 bytes, so four times that is either a mistake or a bomb. */
export const MAX_INFLATED_BYTES = 4_000_000;

/** Inflates a record that a producer compressed with gzip; gives any other back as it is. */
export function inflated(data: Uint8Array): Uint8Array {
  if (data[0] !== GZIP_MAGIC[0] || data[1] !== GZIP_MAGIC[1]) return data;
  try {
    return gunzipSync(data, { maxOutputLength: MAX_INFLATED_BYTES });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new DecodeError(
      'malformed',
      `The record is no gzip of at most ${String(MAX_INFLATED_BYTES)} bytes (${why}); compress one event per record.`,
    );
  }
}
