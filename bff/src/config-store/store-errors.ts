import { EmbeddedDatabaseError } from './embedded-client.ts';

/**
 * The database cannot be asked now, or could not say how it ended: what was under way may have happened or not. Callers
 * answer `overloaded`; asking again later can succeed.
 */
export class StoreUnavailableError extends Error {
  readonly code = 'store_unavailable';
  constructor(cause: unknown) {
    super('The configuration store does not answer.', { cause });
    this.name = 'StoreUnavailableError';
  }
}

/** The schema lacks migrations that this release needs; nothing may be read or written. */
export class SchemaOutdatedError extends Error {
  readonly code = 'schema_outdated';
  readonly missing: readonly string[];
  constructor(missing: readonly string[]) {
    super(
      `The schema of the configuration store is older than this release needs; missing: ${missing.join(', ')}. ` +
        'Run "bff migrate" as its owner, then start again.',
    );
    this.name = 'SchemaOutdatedError';
    this.missing = missing;
  }
}

/** The login role is no member of a role that a server takes. */
export class LoginRoleError extends Error {
  readonly code = 'login_role';
  constructor(cause: unknown) {
    super(
      'The login role of the configuration store may not take the roles of a server. ' +
        'Run "bff migrate --login-role <name>" as the owner of the schema, then start again.',
      { cause },
    );
    this.name = 'LoginRoleError';
  }
}

/** What the network says when a connection cannot be made or breaks. */
const NETWORK_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);

/**
 * What PostgreSQL says when it cannot go on for now: connections (08), resources (53), shutting down or starting (57P),
 * a statement cut for its length, two transactions in each other's way, a standby that does not write.
 */
const UNAVAILABLE_STATES = /^(?:08...|53...|57P..|57014|40001|40P01|55P03|25006)$/;

/** The client library has words for these and no codes. */
const CLIENT_MESSAGES =
  /^(?:Connection terminated|Client has encountered a connection error|Client was closed|timeout exceeded when trying to connect|Cannot use a pool after calling end)/;

/** The SQLSTATE of an error of the database; empty for any other. */
export function sqlStateOf(error: unknown): string {
  return (error instanceof Error ? codeOf(error) : undefined) ?? '';
}

function codeOf(error: Error): string | undefined {
  return 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** Whether an error of the database says nothing against the request: the same may succeed later. */
export function isUnavailable(error: unknown): boolean {
  if (error instanceof AggregateError && error.errors.length > 0) return error.errors.every(isUnavailable);
  if (!(error instanceof Error)) return false;
  const code = codeOf(error);
  // What the embedded database fails with has a SQLSTATE; without one it is its thread that failed.
  if (error instanceof EmbeddedDatabaseError && code === undefined) return true;
  if (code !== undefined) return NETWORK_CODES.has(code) || UNAVAILABLE_STATES.test(code);
  return CLIENT_MESSAGES.test(error.message);
}
