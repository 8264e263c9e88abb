import type { Response } from 'express';
import Type from 'typebox';
import type { RowScope } from '@lumina/contracts';
import { GrantDraftSchema, GrantedPersonSchema, PersonPageSchema, PersonSchema } from '@lumina/contracts/schemas';
import type { GrantDraft } from '@lumina/contracts/schemas';
import type { Identity } from '../../auth/identity.ts';
import { scopeOfFacts } from '../../auth/pseudonyms.ts';
import type { Pseudonyms } from '../../auth/pseudonyms.ts';
import { expectedVersionOf } from '../../http/if-match.ts';
import { HttpProblem } from '../../http/problem.ts';
import { defineRoute } from '../../http/route.ts';
import type { Route } from '../../http/route.ts';
import type { DirectoryStore } from '../directory/directory-store.ts';
import type { AccessChanges } from './access-register.ts';
import { decideDisabled, decideErasure, decideGrant, missingPerson } from './grant-rules.ts';
import { peopleCursor, positionOf } from './people-cursor.ts';
import type { PeopleStore, RightsChange, RightsNow, StoredPerson } from './people-store.ts';
import { sortKeyOf } from './person-rows.ts';
import { subjectOf } from './person-id.ts';
import { personView } from './person-views.ts';
import { scopeWarnings } from './scope-warnings.ts';
import { CLIENT_SUBJECT_PREFIX } from '../../auth/trusted-issuer.ts';

/** What the routes of people need. */
export interface UsersOptions {
  readonly people: PeopleStore;
  readonly directory: Pick<DirectoryStore, 'list'>;
  readonly changes: Pick<AccessChanges, 'announce'>;
  readonly pseudonyms: Pseudonyms;
}

const DEFAULT_PAGE = 100;
const MAX_PAGE = 500;

const PeopleQuerySchema = Type.Object(
  {
    q: Type.Optional(Type.String({ maxLength: 100, description: 'Part of a name, address or subject, any case' })),
    limit: Type.Optional(Type.String({ pattern: '^[1-9]\\d{0,2}$', description: '1 to 500, usually 100' })),
    cursor: Type.Optional(Type.String({ minLength: 1, maxLength: 4_000 })),
  },
  { additionalProperties: false },
);

function sendPerson(response: Response, person: StoredPerson): void {
  response
    .set('ETag', `"${String(person.version)}"`)
    .set('Cache-Control', 'private, no-cache')
    .json(personView(person));
}

function readRoutes({ people }: UsersOptions): Route[] {
  return [
    defineRoute({
      method: 'get',
      path: '/api/users',
      summary: 'People who were seen, invited or granted something in the territory, by name',
      permission: 'users:write',
      query: PeopleQuerySchema,
      success: { status: 200, description: 'A page of people', schema: PersonPageSchema },
      handle: async ({ identity, query, response }) => {
        const limit = Math.min(Number(query.limit ?? DEFAULT_PAGE), MAX_PAGE);
        const found = await people.list(identity, {
          // One more, to know whether there is a next page.
          limit: limit + 1,
          ...(query.q === undefined ? {} : { text: query.q }),
          ...(query.cursor === undefined ? {} : { after: positionOf(query.cursor) }),
        });
        const items = found.slice(0, limit);
        const last = found.length > limit ? items.at(-1) : undefined;
        const cursor = last === undefined ? {} : { cursor: peopleCursor({ key: sortKeyOf(last), sub: last.sub }) };
        response.set('Cache-Control', 'private, no-cache').json({ items: items.map(personView), ...cursor });
      },
    }),
    defineRoute({
      method: 'get',
      path: '/api/users/{person}',
      summary: 'One person, by id or subject; the version of the grant is the ETag',
      permission: 'users:write',
      success: { status: 200, description: 'The person', schema: PersonSchema },
      handle: async ({ identity, request, response }) => {
        const person = await people.find(identity, subjectOf(request));
        if (person === undefined) throw missingPerson();
        sendPerson(response, person);
      },
    }),
  ];
}

/** A grant as it is kept: with ids as facts have them. */
export function keptDraft(
  { pseudonyms }: Pick<UsersOptions, 'pseudonyms'>,
  { territoryId }: Identity,
  draft: GrantDraft,
): GrantDraft {
  if (draft.scope === undefined) return draft;
  const { queues, teams, agents }: RowScope = scopeOfFacts(draft.scope, pseudonyms(territoryId));
  return {
    ...draft,
    scope: {
      ...(queues === undefined ? {} : { queues: [...queues] }),
      ...(teams === undefined ? {} : { teams: [...teams] }),
      ...(agents === undefined ? {} : { agents: [...agents] }),
    },
  };
}

function grantRoute(options: UsersOptions): Route {
  const { people, directory, changes } = options;
  return defineRoute({
    method: 'put',
    path: '/api/users/{person}/grant',
    summary:
      'Give a person roles, or limit it to a scope (which also needs scopes:write); what is left out is as its token says',
    permission: 'users:write',
    headers: ['If-Match'],
    body: GrantDraftSchema,
    success: { status: 200, description: 'The person, and what to look at', schema: GrantedPersonSchema },
    handle: async ({ identity, body, request, response }) => {
      const sub = subjectOf(request);
      if (sub.startsWith(CLIENT_SUBJECT_PREFIX))
        throw new HttpProblem('invalid_request', 'This is a client, not a person; change it at /api/clients.');
      const draft = keptDraft(options, identity, body);
      const warnings = await scopeWarnings(directory, identity, draft.scope);
      const decide = decideGrant(identity, sub, expectedVersionOf(request), draft);
      const { person, change } = await people.change(identity, sub, decide);
      changes.announce(change);
      response
        .set('ETag', `"${String(person.version)}"`)
        .set('Cache-Control', 'no-store')
        .json({ person: personView(person), warnings });
    },
  });
}

interface Act {
  readonly path: string;
  readonly summary: string;
  readonly decide: (actor: Identity, sub: string) => (now: RightsNow) => RightsChange;
}

const ACTS: readonly Act[] = [
  {
    path: '/api/users/{person}/disable',
    summary: 'Keep a person out: tokens die and open streams end at once',
    decide: (actor, sub) => decideDisabled(actor, sub, true),
  },
  {
    path: '/api/users/{person}/enable',
    summary: 'Let a person in again, with a new sign-in',
    decide: (actor, sub) => decideDisabled(actor, sub, false),
  },
];

function actRoutes({ people, changes }: UsersOptions): Route[] {
  return ACTS.map(({ path, summary, decide }) =>
    defineRoute({
      method: 'post',
      path,
      summary,
      permission: 'users:write',
      success: { status: 200, description: 'The person', schema: PersonSchema },
      handle: async ({ identity, request, response }) => {
        const sub = subjectOf(request);
        const { person, change } = await people.change(identity, sub, decide(identity, sub));
        changes.announce(change);
        sendPerson(response, person);
      },
    }),
  );
}

function eraseRoute({ people, changes }: UsersOptions): Route {
  return defineRoute({
    method: 'delete',
    path: '/api/users/{person}',
    summary: 'Erase what names a person and keep it out; the audit trail keeps its subject alone',
    permission: 'users:write',
    success: { status: 204, description: 'It is gone' },
    handle: async ({ identity, request, response }) => {
      const sub = subjectOf(request);
      const { change } = await people.change(identity, sub, decideErasure(identity, sub));
      changes.announce(change);
      response.status(204).end();
    },
  });
}

/** `/api/users`: who is known in the territory, and what it grants them. */
export function userRoutes(options: UsersOptions): readonly Route[] {
  return [...readRoutes(options), grantRoute(options), ...actRoutes(options), eraseRoute(options)];
}
