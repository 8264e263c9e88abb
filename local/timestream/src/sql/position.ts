import { validationError } from '../errors.ts';
import type { ServiceError } from '../errors.ts';

/** Where a thing stands in the query text; both count from 1. */
export type Position = { line: number; column: number };

/** A ValidationException that points into the query. */
export const sqlError = (at: Position, message: string): ServiceError =>
  validationError(
    `line ${at.line}:${at.column}: ${message.length > MAX_MESSAGE ? `${message.slice(0, MAX_MESSAGE)}…` : message}`,
  );

// Messages quote the query, which may be long.
const MAX_MESSAGE = 500;
