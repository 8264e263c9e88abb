import type { IncomingMessage, ServerResponse } from 'node:http';
import { ROLES } from '@lumina/contracts';
import type { Role } from '@lumina/contracts';
import { createLocalJWKSet, jwtVerify } from 'jose';
import type { Accounts, NewAccount } from './accounts.ts';
import { bodyOf, sendJson } from './http.ts';
import type { KeyRing } from './keys.ts';
import type { LocalUser } from './users.ts';

/** The client id under which a service manages accounts. */
export const MANAGEMENT_CLIENT_ID = 'lumina-management';

const USERS_PATH = '/api/v2/users';
const TICKETS_PATH = '/api/v2/tickets/password-change';
const DEFAULT_TICKET_SECONDS = 432_000;

/** The audience of tokens for the management API, as an Auth0 tenant names it. */
export function managementAudience(issuer: string): string {
  return `${issuer}api/v2/`;
}

/** What the management API works on. */
export interface ManagementParts {
  readonly issuer: string;
  readonly ring: KeyRing;
  readonly accounts: Accounts;
}

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Errors in the words of Auth0. */
function refuse(response: ServerResponse, statusCode: number, error: string, message: string): void {
  sendJson(response, statusCode, { statusCode, error, message });
}

async function isManager({ issuer, ring }: ManagementParts, request: IncomingMessage): Promise<boolean> {
  const token = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '';
  const { kty, n, e, kid } = ring.signing;
  const keys = createLocalJWKSet({
    keys: [{ kty: kty ?? 'RSA', ...(n && e ? { n, e } : {}), ...(kid ? { kid } : {}) }],
  });
  try {
    const { payload } = await jwtVerify(token, keys, {
      issuer,
      audience: managementAudience(issuer),
      algorithms: ['RS256'],
    });
    return payload['client_id'] === MANAGEMENT_CLIENT_ID;
  } catch {
    // Whatever is wrong with it, it opens nothing.
    return false;
  }
}

async function fieldsOf(request: IncomingMessage): Promise<Fields | undefined> {
  try {
    const body: unknown = JSON.parse(await bodyOf(request));
    return isFields(body) ? body : undefined;
  } catch {
    // Told to the caller as every other body that is no object.
    return undefined;
  }
}

function accountOf({ email, app_metadata: metadata, name }: Fields): NewAccount | undefined {
  if (typeof email !== 'string' || !email.includes('@') || !isFields(metadata)) return undefined;
  const { territory_id: territoryId, region_id: regionId, roles, lumina_scope: scope } = metadata;
  const isRoles = Array.isArray(roles) && roles.every((role) => ROLES.some((known) => known === role));
  if (!isRoles || typeof territoryId !== 'number' || typeof regionId !== 'number') return undefined;
  return {
    email,
    roles: roles as Role[],
    territoryId,
    regionId,
    ...(typeof name === 'string' ? { name } : {}),
    ...(isFields(scope) ? { scope: scope } : {}),
  };
}

function viewOf(accounts: Accounts, user: LocalUser): Fields {
  return { user_id: user.sub, email: user.email, name: user.name, blocked: accounts.isBlocked(user.sub) };
}

async function addUser(
  { accounts }: ManagementParts,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const fields = await fieldsOf(request);
  const account = fields === undefined ? undefined : accountOf(fields);
  if (account === undefined) {
    refuse(response, 400, 'Bad Request', 'Payload validation error: email, connection and app_metadata are needed.');
    return;
  }
  const user = await accounts.add(account);
  if (user === undefined) refuse(response, 409, 'Conflict', 'The user already exists.');
  else sendJson(response, 201, viewOf(accounts, user));
}

async function issueTicket(parts: ManagementParts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { user_id: sub, ttl_sec: ttlSeconds } = (await fieldsOf(request)) ?? {};
  const user = typeof sub === 'string' ? parts.accounts.bySub(sub) : undefined;
  if (user === undefined) {
    refuse(response, 404, 'Not Found', 'The user does not exist.');
    return;
  }
  const lifetime = typeof ttlSeconds === 'number' && ttlSeconds > 0 ? ttlSeconds : DEFAULT_TICKET_SECONDS;
  const ticket = parts.accounts.issueTicket(user.sub, lifetime);
  sendJson(response, 201, { ticket: `${parts.issuer}lo/reset?ticket=${ticket}` });
}

async function changeUser(
  { accounts }: ManagementParts,
  request: IncomingMessage,
  response: ServerResponse,
  sub: string,
): Promise<void> {
  const user = accounts.bySub(sub);
  if (request.method === 'DELETE') {
    await accounts.remove(sub);
    // As with Auth0, it is gone either way.
    response.writeHead(204).end();
  } else if (user === undefined) {
    refuse(response, 404, 'Not Found', 'The user does not exist.');
  } else if (request.method === 'PATCH') {
    const { blocked } = (await fieldsOf(request)) ?? {};
    if (typeof blocked === 'boolean') await accounts.block(sub, blocked);
    sendJson(response, 200, viewOf(accounts, user));
  } else {
    sendJson(response, 200, viewOf(accounts, user));
  }
}

/** The part of Auth0's Management API that Lumina uses. @returns false where the path is none of it. */
export async function manage(
  parts: ManagementParts,
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
): Promise<boolean> {
  if (!path.startsWith('/api/v2/')) return false;
  if (!(await isManager(parts, request))) refuse(response, 401, 'Unauthorized', 'Invalid token');
  else if (path === USERS_PATH && request.method === 'POST') await addUser(parts, request, response);
  else if (path === TICKETS_PATH && request.method === 'POST') await issueTicket(parts, request, response);
  else if (path.startsWith(`${USERS_PATH}/`))
    await changeUser(parts, request, response, decodeURIComponent(path.slice(USERS_PATH.length + 1)));
  else refuse(response, 404, 'Not Found', 'The local identity provider has no such path.');
  return true;
}
