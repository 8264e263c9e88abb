import { validationError } from '../errors.ts';
import { optionalInteger, optionalString } from '../protocol/shape.ts';
import type { JsonObject } from '../protocol/shape.ts';

const MAX_RESULTS = 20;

/** One page of a listing; the token is the key of the last item of the page before. */
export function pageOf<T>(
  body: JsonObject,
  items: readonly T[],
  keyOf: (item: T) => string,
): { page: T[]; nextToken: string | undefined } {
  const limit = optionalInteger(body, 'MaxResults', 'maxResults', 1, MAX_RESULTS) ?? MAX_RESULTS;
  const token = optionalString(body, 'NextToken', 'nextToken');
  const after = token === undefined ? undefined : decode(token);
  const start = after === undefined ? 0 : items.findIndex((item) => keyOf(item) > after);
  const page = start < 0 ? [] : items.slice(start, start + limit);
  const last = page.at(-1);
  const hasMore = last !== undefined && start + limit < items.length;
  return { page, nextToken: hasMore ? Buffer.from(`key:${keyOf(last)}`).toString('base64url') : undefined };
}

function decode(token: string): string {
  const text = Buffer.from(token, 'base64url').toString('utf8');
  if (!text.startsWith('key:')) throw validationError('Invalid pagination token.');
  return text.slice('key:'.length);
}
