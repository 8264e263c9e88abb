import { Router, json, text } from 'express';
import type { RequestHandler } from 'express';
import { HttpProblem } from '../../http/problem.ts';

/** Some five thousand entries with long names. */
const LONGEST_BODY = '4mb';
const NDJSON = 'application/x-ndjson';

/** One value a line becomes the list that JSON would have been. */
const readLines: RequestHandler = (request, _response, next) => {
  const body: unknown = request.body;
  if (typeof body !== 'string') {
    next();
    return;
  }
  request.body = body
    .split('\n')
    .map((line, index) => ({ line: line.trim(), number: index + 1 }))
    .filter(({ line }) => line !== '')
    .map(({ line, number }): unknown => {
      try {
        return JSON.parse(line);
      } catch (error) {
        if (!(error instanceof SyntaxError)) throw error;
        throw new HttpProblem('invalid_request', `Line ${String(number)} is no JSON; send one entry a line.`, {
          status: 400,
          cause: error,
        });
      }
    });
  next();
};

/** Reads the bodies of bulk changes, which are longer than others and may be NDJSON; mount at `/api` before other parsers. */
export function directoryBodies(): RequestHandler {
  const readers = [
    json({ limit: LONGEST_BODY, type: 'application/json' }),
    text({ limit: LONGEST_BODY, type: NDJSON }),
  ];
  const router = Router();
  router.put('/directory/:kind', ...readers, readLines);
  router.put('/directory/queues/:id/members', ...readers);
  return router;
}
