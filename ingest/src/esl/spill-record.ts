import { crc32 } from 'node:zlib';

import type { StreamEntry } from '../ports/event-stream.ts';

/** Length of the data, length of the key, check sum of both: 4 + 2 + 4 bytes. */
const HEAD_BYTES = 10;
/** No record of a stream is larger: a longer length is a torn or foreign byte. */
const MAX_DATA_BYTES = 1_048_576;
const MAX_KEY_BYTES = 1024;

/** An entry as the bytes of a spill file. */
export function encodeSpillRecord({ data, partitionKey }: StreamEntry): Buffer {
  const key = Buffer.from(partitionKey);
  const record = Buffer.allocUnsafe(HEAD_BYTES + key.length + data.length);
  record.writeUInt32BE(data.length, 0);
  record.writeUInt16BE(key.length, 4);
  key.copy(record, HEAD_BYTES);
  record.set(data, HEAD_BYTES + key.length);
  record.writeUInt32BE(crc32(record.subarray(HEAD_BYTES)), 6);
  return record;
}

/** What lies at a place of a spill file. */
export type SpillRead =
  | { readonly kind: 'entry'; readonly entry: StreamEntry; readonly bytes: number }
  /** The record goes on beyond the bytes at hand; `bytes` is what it needs, as far as known. */
  | { readonly kind: 'short'; readonly bytes: number }
  /** No record ever written whole. */
  | { readonly kind: 'torn' };

/** Reads the record that begins at `at`. */
export function readSpillRecord(bytes: Buffer, at: number): SpillRead {
  if (bytes.length < at + HEAD_BYTES) return { kind: 'short', bytes: HEAD_BYTES };
  const dataLength = bytes.readUInt32BE(at);
  const keyLength = bytes.readUInt16BE(at + 4);
  if (dataLength > MAX_DATA_BYTES || keyLength > MAX_KEY_BYTES || keyLength === 0) return { kind: 'torn' };
  const length = HEAD_BYTES + keyLength + dataLength;
  if (bytes.length < at + length) return { kind: 'short', bytes: length };
  const content = bytes.subarray(at + HEAD_BYTES, at + length);
  if (crc32(content) !== bytes.readUInt32BE(at + 6)) return { kind: 'torn' };
  const entry = { partitionKey: content.toString('utf8', 0, keyLength), data: content.subarray(keyLength) };
  return { kind: 'entry', entry, bytes: length };
}
