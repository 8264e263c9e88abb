/** Why an event is refused. The codes are stable; the detail says what to do. */
export type DecodeErrorCode = 'malformed' | 'invalid_event' | 'unknown_event' | 'territory_mismatch' | 'future_skew';

/** Thrown inside decoding and turned into a per-item error at its edge. */
export class DecodeError extends Error {
  readonly code: DecodeErrorCode;

  constructor(code: DecodeErrorCode, detail: string) {
    super(detail);
    this.name = 'DecodeError';
    this.code = code;
  }
}
