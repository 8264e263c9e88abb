import type { EventRejectionCode } from '@lumina/contracts';

/** Why an event is refused; its size is judged before it is decoded. The detail says what to do. */
export type DecodeErrorCode = Exclude<EventRejectionCode, 'too_large'>;

/** Thrown inside decoding and turned into a per-item error at its edge. */
export class DecodeError extends Error {
  readonly code: DecodeErrorCode;

  constructor(code: DecodeErrorCode, detail: string) {
    super(detail);
    this.name = 'DecodeError';
    this.code = code;
  }
}
