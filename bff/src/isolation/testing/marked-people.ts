import { createHash } from 'node:crypto';
import { AT, LATER } from './marked-things.ts';
import type { MarkedRows } from './marked-things.ts';
import { OWN, SCOPE, clientIdOf } from './territories.ts';
import type { MarkedTerritory } from './territories.ts';

/** The secret of the client by whose token the attack asks. */
export const SERVICE_SECRET = 's3rvice-of-the-attack';
/** Its id. */
export const SERVICE_CLIENT = clientIdOf('caller');
/** A person who was disabled in the own territory. */
export const DISABLED_SUBJECT = 'auth0|disabled';

/** Stored where only a hash of a secret is kept. */
function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** People, their rights and their preferences. */
export function peopleRows(territory: MarkedTerritory): MarkedRows[] {
  const { id: territory_id, mark, suffix } = territory;
  const isOwn = territory_id === OWN.id;
  const subs = [
    'auth0|same',
    `auth0|${suffix}`,
    DISABLED_SUBJECT,
    ...(isOwn ? [] : ['auth0|viewer', 'auth0|editor', 'auth0|leader']),
  ];
  const version = { version: 1, updated_at: AT, updated_by: `auth0|by-${mark}` };
  return [
    {
      table: 'people',
      rows: subs.map((sub) => ({
        territory_id,
        sub,
        source: 'token',
        added_at: AT,
        last_seen_at: AT,
        last_sign_in_at: AT,
        token_roles: ['viewer'],
        name: `Person ${mark}`,
        email: `${mark}@example.com`,
      })),
    },
    { table: 'person_sessions', rows: subs.map((sub) => ({ territory_id, sub, signed_in_at: AT })) },
    {
      table: 'access_grants',
      // Who is a viewer here is an administrator there, and who is disabled here is not there.
      rows: subs.map((sub) => ({
        territory_id,
        sub,
        roles: isOwn ? ['viewer'] : ['admin'],
        ...(sub === DISABLED_SUBJECT && isOwn ? { disabled_at: AT } : {}),
        ...version,
      })),
    },
    {
      table: 'invitations',
      rows: ['same', suffix].map((name) => ({
        territory_id,
        id: `inv_${name}`,
        sub: `auth0|${name}`,
        invited_at: AT,
        invited_by: `auth0|by-${mark}`,
        expires_at: LATER,
      })),
    },
    { table: 'access_changes', rows: [{ territory_id, sub: `auth0|${mark}`, changed_at: AT }] },
    {
      table: 'preferences',
      rows: ['viewer', 'editor', 'admin', 'leader', 'chief', 'super'].map((name) => ({
        territory_id,
        sub: `auth0|${name}`,
        body: { note: mark },
        updated_at: AT,
      })),
    },
  ];
}

/** Keys of ingestion and registered clients. */
export function keyRows({ id: territory_id, mark, suffix }: MarkedTerritory): MarkedRows[] {
  const version = { version: 1, created_at: AT, updated_at: AT, updated_by: `auth0|by-${mark}` };
  const client = {
    territory_id,
    kind: 'service',
    name: `Client ${mark}`,
    origins: [`https://${mark}.example`],
    permissions: ['metrics:read'],
    secret_hash: hashOf(mark),
    ...version,
  };
  const caller = {
    ...client,
    id: SERVICE_CLIENT,
    origins: [],
    permissions: ['metrics:read', 'dashboards:read', 'directory:read'],
    scope: SCOPE,
    secret_hash: hashOf(SERVICE_SECRET),
  };
  return [
    {
      table: 'ingest_keys',
      rows: ['same', suffix].map((name) => ({
        territory_id,
        id: `key_${name}`,
        hash: hashOf(mark + name),
        label: `Key ${mark}`,
        created_at: AT,
        created_by: `auth0|by-${mark}`,
      })),
    },
    { table: 'clients', rows: [{ ...client, id: clientIdOf(suffix) }, ...(territory_id === OWN.id ? [caller] : [])] },
  ];
}
