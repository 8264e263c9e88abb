import type { QueryErrorCode } from '@lumina/contracts';

/** Why one query of a request is not answered; the others are. */
export class QueryRefusal extends Error {
  readonly code: QueryErrorCode;

  constructor(code: QueryErrorCode, detail: string) {
    super(detail);
    this.name = 'QueryRefusal';
    this.code = code;
  }
}
