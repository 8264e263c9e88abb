import { createHash } from 'node:crypto';
import type { RowPosition } from '@lumina/contracts';
import type { TimeRange } from '../time/range.ts';

/** What a cursor carries. It says where to go on, never whose rows: that is asked of the identity each time. */
export interface RowCursor {
  readonly after: RowPosition;
  /** The range of the first page: `last` must not move on between pages. */
  readonly range: TimeRange;
}

/** Names what a cursor belongs to, so that it is not used with another question. */
export function questionHash(question: unknown): string {
  return createHash('sha256').update(JSON.stringify(question)).digest('base64url').slice(0, 12);
}

/** A cursor as text. */
export function encodeCursor({ after, range }: RowCursor, question: string): string {
  const fields = [1, question, after.value, after.key, range.fromMs, range.toMs];
  return Buffer.from(JSON.stringify(fields), 'utf8').toString('base64url');
}

/** Reads a cursor; undefined where it is none, or belongs to another question. */
export function decodeCursor(text: string, question: string): RowCursor | undefined {
  const fields = parse(Buffer.from(text, 'base64url').toString('utf8'));
  if (!Array.isArray(fields) || fields.length !== 6) return undefined;
  const [version, hash, value, key, fromMs, toMs] = fields as unknown[];
  const isOurs = version === 1 && hash === question && typeof key === 'string';
  if (!isOurs || !isInstant(fromMs) || !isInstant(toMs) || fromMs >= toMs) return undefined;
  if (typeof value !== 'string' && !Number.isSafeInteger(value)) return undefined;
  return { after: { value: value as string | number, key }, range: { fromMs, toMs } };
}

function isInstant(value: unknown): value is number {
  return Number.isSafeInteger(value);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
