import { permissionsOf } from '@lumina/contracts';
import type { AuditDetail, Permission, Role, RowScope } from '@lumina/contracts';
import type { GrantDraft } from '@lumina/contracts/schemas';
import { assertPermission } from '../../auth/identity.ts';
import type { Identity } from '../../auth/identity.ts';
import { HttpProblem } from '../../http/problem.ts';
import type { AuditEvent } from '../audit/audit-trail.ts';
import { isActing, isWithinScope } from './effective-identity.ts';
import { rolesOf } from './people-store.ts';
import type { RightsChange, RightsNow, StoredPerson } from './people-store.ts';

/** More ids than this would make an act unreadable; their number is told instead. */
const MAX_IDS_TOLD = 50;

/** The same words for who is not there, who is erased and who is another territory's. */
export function missingPerson(): HttpProblem {
  return new HttpProblem('not_found', 'This territory knows no such person.');
}

function holds(actor: Identity, roles: readonly Role[]): boolean {
  return permissionsOf(roles).every((permission: Permission) => actor.permissions.includes(permission));
}

/** The actor may have lost its rights since the request was let in. */
function assertStillAllowed(actor: Identity, { actor: known }: RightsNow): void {
  if (actor.kind !== 'user' || isActing(actor) || known === undefined) return;
  const isStripped = known.roles !== undefined && !permissionsOf(known.roles).includes('users:write');
  if (known.isDisabled || isStripped)
    throw new HttpProblem('forbidden', 'Your own rights have changed in the meantime; nothing was done.');
}

function assertOthersOnly(actor: Identity, sub: string): void {
  if (actor.kind === 'user' && actor.sub === sub)
    throw new HttpProblem('forbidden', 'Nobody changes their own rights; ask another administrator.');
}

/** Whoever holds more than the actor is not the actor's to change. */
function assertNotAbove(actor: Identity, person: StoredPerson | undefined): void {
  if (person === undefined || holds(actor, rolesOf(person))) return;
  throw new HttpProblem('forbidden', 'This person holds rights that you do not hold; ask another administrator.');
}

function assertAdminRemains(actor: Identity, { person, otherAdmins }: RightsNow, isAdminAfter: boolean): void {
  const wasAdmin = person !== undefined && !person.isDisabled && rolesOf(person).includes('admin');
  const isActorAdmin = actor.kind === 'user' && actor.roles.includes('admin');
  if (!wasAdmin || isAdminAfter || isActorAdmin || otherAdmins > 0) return;
  throw new HttpProblem('forbidden', 'This is the last administrator of the territory; make another one first.');
}

/** What every change of rights must satisfy. */
function assertMayChange(actor: Identity, sub: string, now: RightsNow, isAdminAfter: boolean): void {
  assertOthersOnly(actor, sub);
  assertStillAllowed(actor, now);
  assertNotAbove(actor, now.person);
  assertAdminRemains(actor, now, isAdminAfter);
}

function isSameScope(one: RowScope | undefined, other: RowScope | undefined): boolean {
  return isWithinScope(one, other) && isWithinScope(other, one);
}

/** Refuses roles and scopes beyond the actor's own. */
export function assertMayGive(actor: Identity, { roles, scope }: GrantDraft): void {
  if (roles !== undefined && !holds(actor, roles))
    throw new HttpProblem('forbidden', 'Nobody grants a role with rights that they do not hold themselves.');
  if (!isWithinScope(scope, actor.scope))
    throw new HttpProblem('forbidden', 'Nobody grants a scope beyond their own; limit it to what you may see.');
}

function toldIds(scope: RowScope | undefined): AuditDetail {
  const told: Record<string, boolean | number | readonly string[]> = { isLimited: scope !== undefined };
  for (const key of ['queues', 'teams', 'agents'] as const) {
    const ids = scope?.[key];
    if (ids === undefined) continue;
    if (ids.length > MAX_IDS_TOLD) told[`${key}Count`] = ids.length;
    else told[key] = [...ids];
  }
  return told;
}

/** The acts of a grant, for the audit trail. */
export function grantEvents(sub: string, before: StoredPerson | undefined, after: GrantDraft): AuditEvent[] {
  const target = { kind: 'person', id: sub };
  const events: AuditEvent[] = [];
  if (JSON.stringify(before?.roles ?? null) !== JSON.stringify(after.roles ?? null)) {
    const detail = { roles: [...(after.roles ?? [])], formerRoles: [...(before?.roles ?? [])] };
    events.push({ action: 'user_granted', target, detail });
  }
  if (!isSameScope(before?.scope, after.scope))
    events.push({ action: 'scope_changed', target, detail: toldIds(after.scope) });
  return events;
}

/** Decides about `PUT /api/users/{sub}/grant`. */
export function decideGrant(actor: Identity, sub: string, expectedVersion: number, draft: GrantDraft) {
  return (now: RightsNow): RightsChange => {
    const person = now.person?.isErased === true ? undefined : now.person;
    const version = now.person?.version ?? 0;
    if (version !== expectedVersion) {
      throw new HttpProblem('conflict', 'Somebody changed these rights in the meantime; load them again and repeat.', {
        extensions: { currentVersion: version },
      });
    }
    const isDisabled = person?.isDisabled ?? false;
    const rolesAfter = draft.roles ?? person?.tokenRoles ?? [];
    assertMayChange(actor, sub, now, !isDisabled && rolesAfter.includes('admin'));
    assertMayGive(actor, draft);
    if (!isSameScope(person?.scope, draft.scope)) assertPermission(actor, 'scopes:write');
    return { ...draft, isDisabled, endsTokens: false, erases: false, events: grantEvents(sub, person, draft) };
  };
}

function known({ person }: RightsNow): StoredPerson {
  if (person === undefined || person.isErased) throw missingPerson();
  return person;
}

function kept({ roles, scope }: StoredPerson): Pick<RightsChange, 'roles' | 'scope'> {
  return { ...(roles === undefined ? {} : { roles }), ...(scope === undefined ? {} : { scope }) };
}

/** Decides about `POST /api/users/{sub}/disable` and `/enable`. */
export function decideDisabled(actor: Identity, sub: string, isDisabled: boolean) {
  return (now: RightsNow): RightsChange => {
    const person = known(now);
    assertMayChange(actor, sub, now, !isDisabled && rolesOf(person).includes('admin'));
    const target = { kind: 'person', id: sub };
    const action = isDisabled ? ('user_disabled' as const) : ('user_enabled' as const);
    // The tokens of before stay dead when the person is enabled again.
    return {
      ...kept(person),
      isDisabled,
      endsTokens: isDisabled,
      erases: false,
      events: person.isDisabled === isDisabled ? [] : [{ action, target }],
    };
  };
}

/** Decides about `DELETE /api/users/{sub}`: what names the person goes, and so does the way in. */
export function decideErasure(actor: Identity, sub: string) {
  return (now: RightsNow): RightsChange => {
    known(now);
    assertMayChange(actor, sub, now, false);
    const event: AuditEvent = { action: 'person_erased', target: { kind: 'person', id: sub } };
    return { isDisabled: true, endsTokens: true, erases: true, events: [event] };
  };
}

/** Decides about an invitation: its person is granted what the invitation says. */
export function decideInvitation(actor: Identity, sub: string, draft: GrantDraft) {
  return (now: RightsNow): RightsChange => {
    assertMayChange(actor, sub, now, true);
    assertMayGive(actor, draft);
    const invited: AuditEvent = {
      action: 'user_invited',
      target: { kind: 'person', id: sub },
      detail: { roles: [...(draft.roles ?? [])], ...toldIds(draft.scope) },
    };
    return { ...draft, isDisabled: false, endsTokens: false, erases: false, events: [invited] };
  };
}

/** Decides about revoking an invitation that nobody followed. */
export function decideRevocation(actor: Identity, sub: string) {
  return (now: RightsNow): RightsChange => {
    if (known(now).firstSeenAt !== undefined)
      throw new HttpProblem(
        'not_found',
        'The invitation has been followed in the meantime; disable the person instead.',
      );
    assertMayChange(actor, sub, now, false);
    const event: AuditEvent = { action: 'invitation_revoked', target: { kind: 'person', id: sub } };
    return { isDisabled: true, endsTokens: true, erases: true, events: [event] };
  };
}
