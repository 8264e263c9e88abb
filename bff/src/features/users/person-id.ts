import type { Request } from 'express';
import { pathParameter } from '../../http/route.ts';
import { missingPerson } from './grant-rules.ts';

/** In front of an encoded subject; where it is missing the path holds the subject itself. */
const MARK = '~';
const MAX_SUB_LENGTH = 255;

/** A subject as a path can hold it, whatever characters it has: `~` and base64url. */
export function personId(sub: string): string {
  return MARK + Buffer.from(sub, 'utf8').toString('base64url');
}

function decoded(text: string): string | undefined {
  if (!text.startsWith(MARK)) return text;
  const sub = Buffer.from(text.slice(1), 'base64url').toString('utf8');
  // One subject has one id: what does not come back the same is none.
  return personId(sub) === text ? sub : undefined;
}

/** Whether a token could name this subject. */
export function isSubject(sub: string): boolean {
  return sub.length > 0 && sub.length <= MAX_SUB_LENGTH && sub.isWellFormed() && !/\p{Cc}/u.test(sub);
}

/** The subject that a path names, as it is or encoded; throws `not_found` for what no token can hold. */
export function subjectOf(request: Request): string {
  const sub = decoded(pathParameter(request, 'person'));
  if (sub === undefined || !isSubject(sub)) throw missingPerson();
  return sub;
}
