import { DEAD_LETTER_CODES, type DeadLetterCode } from '@lumina/contracts';

import type { ArchivedLetter, DeadLetter } from '../ports/dead-letters.ts';

const ENVELOPE_VERSION = 1;

/** Raised on an archived letter that cannot be read. */
export class DeadLetterFormatError extends Error {
  readonly code = 'bad_dead_letter';

  constructor(detail: string) {
    super(`The dead letter cannot be read: ${detail}`);
    this.name = 'DeadLetterFormatError';
  }
}

/** A dead letter as it is kept: one line of JSON, the record's bytes in base64. */
export function encodeDeadLetter(letter: DeadLetter, replayedMs?: number): string {
  const { stream, shardId, sequence, arrivedMs, code, message, extractorVersion, bytes } = letter;
  const envelope = {
    v: ENVELOPE_VERSION,
    ...{ stream, shardId, sequence, arrivedMs, code, message, extractorVersion },
    ...(replayedMs === undefined ? {} : { replayedMs }),
    bytes: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64'),
  };
  return `${JSON.stringify(envelope)}\n`;
}

function isCode(value: unknown): value is DeadLetterCode {
  return DEAD_LETTER_CODES.some((code) => code === value);
}

function parseObject(text: string): Readonly<Record<string, unknown>> {
  let envelope: unknown;
  try {
    envelope = JSON.parse(text);
  } catch {
    throw new DeadLetterFormatError('it is no JSON; the object may be cut short or foreign.');
  }
  if (typeof envelope !== 'object' || envelope === null) throw new DeadLetterFormatError('it is no object.');
  return envelope as Readonly<Record<string, unknown>>;
}

/** Reads {@link encodeDeadLetter} back; throws {@link DeadLetterFormatError}. */
export function decodeDeadLetter(text: string): ArchivedLetter {
  const envelope = parseObject(text);
  const stringOf = (name: string): string => {
    const value = envelope[name];
    if (typeof value !== 'string') throw new DeadLetterFormatError(`${name} is missing.`);
    return value;
  };
  // The first letters carried no version of the extractor.
  const numberOf = (name: string, fallback?: number): number => {
    const value = envelope[name] ?? fallback;
    if (typeof value !== 'number') throw new DeadLetterFormatError(`${name} is no number.`);
    return value;
  };
  const { v = ENVELOPE_VERSION, code, replayedMs } = envelope;
  if (v !== ENVELOPE_VERSION)
    throw new DeadLetterFormatError(`its version ${String(v)} is unknown; update this program.`);
  if (!isCode(code)) throw new DeadLetterFormatError('its code is unknown.');
  return {
    stream: stringOf('stream'),
    shardId: stringOf('shardId'),
    sequence: stringOf('sequence'),
    arrivedMs: numberOf('arrivedMs'),
    code,
    message: stringOf('message'),
    extractorVersion: numberOf('extractorVersion', 0),
    replayedMs: replayedMs === undefined ? undefined : numberOf('replayedMs'),
    bytes: Buffer.from(stringOf('bytes'), 'base64'),
  };
}
