import { createHash, randomBytes } from 'node:crypto';
import type { ClientChange, Permission, RegionId, RowScope } from '@lumina/contracts';
import { permissionsOf } from '@lumina/contracts';
import type { Identity } from '../../auth/identity.ts';
import { scopeOfFacts } from '../../auth/pseudonyms.ts';
import type { Pseudonyms } from '../../auth/pseudonyms.ts';
import { HttpProblem } from '../../http/problem.ts';

const ID_BYTES = 16;
const SECRET_BYTES = 32;
/** So that a secret scanner, and a person, knows what was found. */
const SECRET_PREFIX = 'lumina_cs_';
/** A name and a dot at least: an address of a machine, or `localhost`, is nobody's page. */
const HOST = /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/;
const EMBED_CEILING: readonly Permission[] = [...permissionsOf(['viewer']), 'dashboards:write'];

/** An id that tells its region and nothing else. */
export function newClientId(regionId: RegionId): string {
  return `r${String(regionId)}_${randomBytes(ID_BYTES).toString('base64url')}`;
}

/** A secret of 256 bits. */
export function newSecret(): string {
  return SECRET_PREFIX + randomBytes(SECRET_BYTES).toString('base64url');
}

/** What is kept of a secret. */
export function digestOfSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** An origin as browsers send it; refuses what is no whole https origin, wildcards among it. */
export function normalOrigin(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isOrigin = url !== undefined && url.origin === text.toLowerCase().replace(/\/$/, '').replace(/:443$/, '');
  if (url?.protocol !== 'https:' || !isOrigin || !HOST.test(url.hostname)) {
    throw new HttpProblem(
      'invalid_request',
      'Each of body/origins must be a whole https origin without path or wildcard, like https://acme.example.',
    );
  }
  return url.origin;
}

function isWithin(given: readonly string[] | undefined, limit: readonly string[] | undefined): boolean {
  return limit === undefined || (given?.every((id) => limit.includes(id)) ?? false);
}

function isScopeWithin(given: RowScope, limit: RowScope): boolean {
  return (
    isWithin(given.queues, limit.queues) && isWithin(given.teams, limit.teams) && isWithin(given.agents, limit.agents)
  );
}

/** Who registers a client, and how ids of scopes are compared. */
export interface Registrar {
  readonly identity: Identity;
  readonly pseudonyms: Pseudonyms;
}

/**
 * What is kept of a client: normalised, and never more than whoever registers it may do and see. Throws `forbidden` or
 * `invalid_request`.
 */
export function checkedFields<T extends ClientChange>(
  given: T,
  kind: 'service' | 'embed',
  { identity, pseudonyms }: Registrar,
): T {
  const { permissions, scope = {} } = given;
  const ceiling = kind === 'embed' ? EMBED_CEILING : permissionsOf(['admin']);
  const excess = permissions.find((name) => !ceiling.includes(name) || !identity.permissions.includes(name));
  if (excess !== undefined) {
    throw new HttpProblem(
      'forbidden',
      `A client of kind ${kind} that you register cannot have the permission ${excess}; leave it out.`,
    );
  }
  const limit = identity.scope ?? {};
  if (!isScopeWithin(scopeOfFacts(scope, pseudonyms(identity.territoryId)), limit)) {
    throw new HttpProblem('forbidden', 'Your own scope is limited: body/scope must lie within it.');
  }
  return { ...given, origins: [...new Set(given.origins.map(normalOrigin))].sort() };
}
