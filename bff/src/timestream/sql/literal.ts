const MAX_LITERAL_LENGTH = 256;
// C0 and C1 controls, and the line separators that some log viewers treat as line ends.
const CONTROL_CHARACTERS = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/u;

/** A value that may not become part of a query; the caller answers `invalid_request`. */
export class LiteralError extends Error {
  readonly code = 'literal_refused';

  constructor(message: string) {
    super(message);
    this.name = 'LiteralError';
  }
}

/** Encodes a text value. The only way in which foreign text enters a query. */
export function encodeText(value: string): string {
  if (value.length > MAX_LITERAL_LENGTH) {
    throw new LiteralError(`A filter value may have at most ${MAX_LITERAL_LENGTH} characters; shorten it.`);
  }
  if (CONTROL_CHARACTERS.test(value)) {
    throw new LiteralError('A filter value may not contain control characters; remove them.');
  }
  if (!value.isWellFormed()) {
    throw new LiteralError('A filter value must be well-formed Unicode text.');
  }
  return `'${value.replaceAll("'", "''")}'`;
}

/** Encodes a whole number that a double holds exactly. */
export function encodeInteger(value: number): string {
  if (!Number.isSafeInteger(value)) {
    throw new LiteralError('A number in a query must be a safe integer.');
  }
  return value < 0 ? `(${value})` : String(Math.abs(value));
}

/** Encodes an instant; Timestream reads it as a TIMESTAMP in UTC. */
export function encodeTime(epochMs: number): string {
  return `from_milliseconds(${encodeInteger(epochMs)})`;
}

/** Encodes an interval as Timestream writes it: `10s`, `15m`. */
export function encodeDuration(durationMs: number): string {
  if (!Number.isSafeInteger(durationMs) || durationMs < 1000 || durationMs % 1000 !== 0) {
    throw new LiteralError('An interval must be a whole number of seconds, at least one.');
  }
  const seconds = durationMs / 1000;
  return seconds % 60 === 0 ? `${seconds / 60}m` : `${seconds}s`;
}
