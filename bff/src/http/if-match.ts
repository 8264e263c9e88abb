import type { Request } from 'express';
import { HttpProblem } from './problem.ts';

/** The version that a guarded write expects: the ETag of what was changed, in `If-Match`. */
export function expectedVersionOf(request: Request): number {
  const match = /^(?:W\/)?"(\d{1,9})"$/.exec(request.get('if-match') ?? '');
  if (match?.[1] === undefined) {
    throw new HttpProblem('invalid_request', 'Send the ETag of what you changed: If-Match: "<version>".', {
      status: 400,
    });
  }
  return Number(match[1]);
}
