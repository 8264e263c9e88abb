import { HttpProblem } from '../../http/problem.ts';
import type { DashboardSummary } from './dashboard-store.ts';

/** Where the next page begins, as text for a URL. */
export function cursorAfter({ title, id }: Pick<DashboardSummary, 'title' | 'id'>): string {
  return Buffer.from(JSON.stringify([title, id])).toString('base64url');
}

function parsed(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    // Told below like everything else that is no cursor.
    return undefined;
  }
}

/** Reads a cursor; it only ever says where to go on, never what may be seen. */
export function parseCursor(cursor: string): { readonly title: string; readonly id: string } {
  const place = parsed(cursor);
  const [title, id] = Array.isArray(place) ? (place as unknown[]) : [];
  const isPlace = typeof title === 'string' && typeof id === 'string' && !`${title}${id}`.includes('\u0000');
  if (!isPlace) throw new HttpProblem('invalid_request', 'The cursor is none; take the one of the page before.');
  return { title, id };
}
