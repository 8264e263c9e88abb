import { HttpProblem } from '../../http/problem.ts';

const CURSOR = /^1:([1-9]\d{0,15})$/;

/** Where an older page begins, as text. It names a place and no territory: whose trail is read is asked each time. */
export function encodeCursor(place: number): string {
  return Buffer.from(`1:${String(place)}`, 'utf8').toString('base64url');
}

/** Reads a cursor. Throws `invalid_request` where it is none. */
export function decodeCursor(text: string): number {
  const match = CURSOR.exec(Buffer.from(text, 'base64url').toString('utf8'));
  const place = Number(match?.[1]);
  if (Number.isSafeInteger(place)) return place;
  throw new HttpProblem('invalid_request', 'The cursor is none of this list; begin without one.');
}
