import { validationError } from '../errors.ts';
import { MAX_RESULTS } from '../protocol/shapes.ts';
import type { BodyOf } from '../protocol/shapes.ts';

/** One page of a listing; the token is the key of the last item of the page before. */
export function pageOf<T>(
  body: BodyOf<'ListDatabases'>,
  items: readonly T[],
  keyOf: (item: T) => string,
): { page: T[]; nextToken: string | undefined } {
  const limit = body.MaxResults ?? MAX_RESULTS;
  const after = typeof body.NextToken === 'string' ? decode(body.NextToken) : undefined;
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
