import type { RequestHandler } from 'express';
import { HttpProblem } from './problem.ts';

/** Deeper than any body of the API, far from the end of the stack. */
const MAX_DEPTH = 32;

/** Throws `invalid_request` for a value that holds such text or nests too deep. */
export function assertPlain(value: unknown, depth = 0): void {
  if (typeof value === 'string') {
    if (value.includes('\u0000') || !value.isWellFormed())
      throw new HttpProblem('invalid_request', 'Text may hold neither NUL nor half a character.');
  } else if (typeof value === 'object' && value !== null) {
    if (depth > MAX_DEPTH)
      throw new HttpProblem('invalid_request', `The body may nest at most ${String(MAX_DEPTH)} levels deep.`);
    for (const [name, content] of Object.entries(value)) {
      assertPlain(name, depth);
      assertPlain(content, depth + 1);
    }
  }
}

/** Refuses what JSON and addresses can say and the stores cannot keep: NUL, half surrogate pairs, endless nesting. */
export const refuseOddText: RequestHandler = (request, _response, next) => {
  if (/%00/.test(request.originalUrl)) throw new HttpProblem('invalid_request', 'An address may hold no NUL.');
  assertPlain(request.body, 0);
  next();
};
