import type { RowScope } from '@lumina/contracts';
import type { Person } from '@lumina/contracts/schemas';
import { intersectScopes } from './effective-identity.ts';
import { personId } from './person-id.ts';
import { rolesOf } from './people-store.ts';
import type { StoredPerson } from './people-store.ts';

const FIELDS = ['queues', 'teams', 'agents'] as const;

/** A scope as replies have it: lists that the caller may keep. */
export function scopeView(scope: RowScope): { queues?: string[]; teams?: string[]; agents?: string[] } {
  return Object.fromEntries(FIELDS.flatMap((key) => (scope[key] === undefined ? [] : [[key, [...scope[key]]]])));
}

function instants(person: StoredPerson): Partial<Pick<Person, 'firstSeenAt' | 'lastSeenAt' | 'lastSignInAt'>> {
  const { firstSeenAt, lastSeenAt, lastSignInAt } = person;
  return {
    ...(firstSeenAt === undefined ? {} : { firstSeenAt: firstSeenAt.toISOString() }),
    ...(lastSeenAt === undefined ? {} : { lastSeenAt: lastSeenAt.toISOString() }),
    ...(lastSignInAt === undefined ? {} : { lastSignInAt: lastSignInAt.toISOString() }),
  };
}

function grantView({ version, roles, scope, updatedAt, updatedBy }: StoredPerson): Person['grant'] {
  return {
    version,
    ...(roles === undefined ? {} : { roles: [...roles] }),
    ...(scope === undefined ? {} : { scope: scopeView(scope) }),
    ...(updatedAt === undefined ? {} : { updatedAt: updatedAt.toISOString() }),
    ...(updatedBy === undefined ? {} : { updatedBy }),
  };
}

/** A person as the API shows it. */
export function personView(person: StoredPerson): Person {
  const { sub, source, name, email, isDisabled, addedAt } = person;
  const scope = intersectScopes(person.tokenScope, person.scope);
  return {
    id: personId(sub),
    sub,
    ...(name === undefined ? {} : { name }),
    ...(email === undefined ? {} : { email }),
    source,
    roles: [...rolesOf(person)],
    scope: scope === undefined ? null : scopeView(scope),
    isDisabled,
    addedAt: addedAt.toISOString(),
    ...instants(person),
    grant: grantView(person),
  };
}
