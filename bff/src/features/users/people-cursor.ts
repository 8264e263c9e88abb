import { HttpProblem } from '../../http/problem.ts';
import type { PeopleSearch } from './people-store.ts';

type Position = NonNullable<PeopleSearch['after']>;

/** Where the next page begins, as text that clients only pass on. */
export function peopleCursor({ key, sub }: Position): string {
  return Buffer.from(JSON.stringify([key, sub])).toString('base64url');
}

/** Reads a cursor; throws `invalid_request` for what is none. */
export function positionOf(cursor: string): Position {
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (Array.isArray(parts) && parts.length === 2) {
      const [key, sub] = parts as readonly unknown[];
      const isText = typeof key === 'string' && typeof sub === 'string';
      if (isText && !`${key}${sub}`.includes('\u0000') && `${key}${sub}`.isWellFormed()) return { key, sub };
    }
  } catch {
    // Told below, as for every other text that is no cursor.
  }
  throw new HttpProblem('invalid_request', 'query/cursor: pass on the cursor of the page before, or none.');
}
