import Type from 'typebox';
import { IdSchema } from '@lumina/contracts/schemas';
import type { Identity } from '../../auth/identity.ts';
import type { Pseudonyms } from '../../auth/pseudonyms.ts';
import { HttpProblem } from '../../http/problem.ts';
import { defineRoute, pathParameter } from '../../http/route.ts';
import type { Route } from '../../http/route.ts';
import type { DirectoryEditor } from './directory-editor.ts';
import { readItems } from './directory-items.ts';
import type { ItemFault } from './directory-items.ts';
import { readIntervals } from './directory-members.ts';
import type { DirectoryStore } from './directory-store.ts';
import { kindOf } from './directory.ts';

const MOST_ITEMS = 5_000;
const MOST_FAULTS_TOLD = 5;

const closed = { additionalProperties: false } as const;
const nullable = <S extends Type.TSchema>(schema: S): Type.TUnion<[S, Type.TNull]> => Type.Union([schema, Type.Null()]);

const ItemSchema = Type.Object(
  {
    id: Type.String({ minLength: 1, maxLength: 200, description: 'As facts have it, or raw' }),
    name: Type.Optional(IdSchema),
    externalId: Type.Optional(nullable(IdSchema)),
    timeZone: Type.Optional(nullable(Type.String({ maxLength: 64, description: 'IANA name' }))),
    retired: Type.Optional(Type.Boolean()),
    teamId: Type.Optional(nullable(IdSchema)),
    queueIds: Type.Optional(Type.Array(IdSchema, { maxItems: 1_000 })),
  },
  closed,
);
const ModeSchema = Type.Union([Type.Literal('merge'), Type.Literal('replace')]);
const OutcomeSchema = Type.Union(
  (['created', 'updated', 'unchanged', 'superseded', 'retired', 'refused'] as const).map((name) => Type.Literal(name)),
);
const BulkReplySchema = Type.Object({
  isApplied: Type.Boolean(),
  items: Type.Array(
    Type.Object({
      index: Type.Union([Type.Integer(), Type.Null()], { description: 'Null for an entry that the list did not name' }),
      id: Type.String(),
      outcome: OutcomeSchema,
      detail: Type.Optional(Type.String()),
    }),
  ),
});

const InstantSchema = Type.String({ format: 'date-time', maxLength: 40 });
const MembersSchema = Type.Object(
  {
    members: Type.Array(
      Type.Object(
        {
          agentId: IdSchema,
          validFrom: Type.Optional(InstantSchema),
          validTo: Type.Optional(nullable(InstantSchema)),
        },
        closed,
      ),
      { maxItems: MOST_ITEMS },
    ),
  },
  closed,
);
const MembersReplySchema = Type.Object({
  items: Type.Array(
    Type.Object({ agentId: Type.String(), validFrom: Type.String(), validTo: nullable(Type.String()) }),
  ),
});

/** What the routes of changes need. */
export interface DirectoryEditOptions {
  readonly store: Pick<DirectoryStore, 'membersOf'>;
  readonly editor: DirectoryEditor;
  readonly pseudonyms: Pseudonyms;
  readonly clock?: () => number;
}

/** Who may see only a part of the directory could not know what it changes of the rest. */
function assertUnlimited({ scope }: Identity): void {
  if (scope === undefined || (scope.queues ?? scope.teams ?? scope.agents) === undefined) return;
  throw new HttpProblem(
    'forbidden',
    'Your access is limited to a part of the directory; ask an administrator of all of it.',
  );
}

const NO_TERRITORY = 'This region does not know the territory; import it first.';
const NO_QUEUE = 'There is no such queue in the directory.';

function refused(faults: readonly ItemFault[]): HttpProblem {
  const told = faults
    .slice(0, MOST_FAULTS_TOLD)
    .map(({ index, id, detail }) => `item ${String(index)} (${id}) ${detail}`);
  const rest = faults.length > told.length ? `; and ${String(faults.length - told.length)} more` : '';
  return new HttpProblem(
    'invalid_request',
    `Nothing was changed: ${told.join('; ')}${rest}. Ask with dryRun=true for all.`,
  );
}

/** Changes of the directory by administrators and their systems. */
export function directoryEditRoutes(options: DirectoryEditOptions): readonly Route[] {
  return [bulkRoute(options), membersRoute(options), putMembersRoute(options), eraseRoute(options)];
}

function bulkRoute({ editor, pseudonyms, clock = Date.now }: DirectoryEditOptions): Route {
  return defineRoute({
    method: 'put',
    path: '/api/directory/{kind}',
    summary: 'Says what entries are, all or nothing; of two statements about an entry the later one holds',
    permission: 'settings:write',
    query: Type.Object(
      {
        mode: Type.Optional(ModeSchema),
        dryRun: Type.Optional(Type.Union([Type.Literal('true'), Type.Literal('false')])),
      },
      closed,
    ),
    body: Type.Array(ItemSchema, { maxItems: MOST_ITEMS, description: 'Or one entry a line, as application/x-ndjson' }),
    success: { status: 200, description: 'What became of each entry', schema: BulkReplySchema },
    handle: async ({ identity, body, query: { mode = 'merge', dryRun }, request, response }) => {
      assertUnlimited(identity);
      const kind = kindOf(pathParameter(request, 'kind'));
      const { items, faults } = readItems(kind, body, pseudonyms(identity.territoryId));
      const isDryRun = dryRun === 'true';
      if (faults.length > 0) {
        if (!isDryRun) throw refused(faults);
        response.json({ isApplied: false, items: faults.map((fault) => ({ ...fault, outcome: 'refused' })) });
        return;
      }
      const outcomes = await editor.put(identity, kind, items, { mode, isDryRun, at: new Date(clock()) });
      if (outcomes === undefined) throw new HttpProblem('not_found', NO_TERRITORY);
      const told = outcomes.map((one, index) => ({ index: index < items.length ? index : null, ...one }));
      response.json({ isApplied: !isDryRun, items: told });
    },
  });
}

function membersRoute({ store, pseudonyms }: DirectoryEditOptions): Route {
  return defineRoute({
    method: 'get',
    path: '/api/directory/queues/{id}/members',
    summary: 'Who serves a queue, and who did from when to when, as far as the identity may see them',
    permission: 'directory:read',
    success: { status: 200, description: 'Memberships by agent and beginning', schema: MembersReplySchema },
    handle: async ({ identity, request, response }) => {
      const queueId = pseudonyms(identity.territoryId)(pathParameter(request, 'id'));
      const members = await store.membersOf(identity, queueId, identity.scope);
      if (members === undefined) throw new HttpProblem('not_found', NO_QUEUE);
      const instant = (ms: number): string => new Date(ms).toISOString();
      response.set('Cache-Control', 'private, no-cache').json({
        items: members.map(({ agentId, fromMs, toMs }) => ({
          agentId,
          validFrom: instant(fromMs),
          validTo: toMs === null ? null : instant(toMs),
        })),
      });
    },
  });
}

function putMembersRoute({ editor, pseudonyms, clock = Date.now }: DirectoryEditOptions): Route {
  return defineRoute({
    method: 'put',
    path: '/api/directory/queues/{id}/members',
    summary: 'Says from when to when agents serve a queue; of each agent named it holds from the earliest interval on',
    permission: 'settings:write',
    query: Type.Object({ mode: Type.Optional(ModeSchema) }, closed),
    body: MembersSchema,
    success: { status: 204, description: 'Changed' },
    handle: async ({ identity, body, query: { mode = 'merge' }, request, response }) => {
      assertUnlimited(identity);
      const at = new Date(clock());
      const pseudonymise = pseudonyms(identity.territoryId);
      const members = readIntervals(body.members, pseudonymise, at);
      const queueId = pseudonymise(pathParameter(request, 'id'));
      if (!(await editor.putMembers(identity, queueId, members, { mode, at })))
        throw new HttpProblem('not_found', NO_QUEUE);
      response.status(204).end();
    },
  });
}

function eraseRoute({ editor, pseudonyms, clock = Date.now }: DirectoryEditOptions): Route {
  return defineRoute({
    method: 'delete',
    path: '/api/directory/agents/{id}/person',
    summary: 'Forgets who an agent is: name and external id; the id stays, and with it all numbers',
    permission: 'users:write',
    success: { status: 204, description: 'Forgotten' },
    handle: async ({ identity, request, response }) => {
      assertUnlimited(identity);
      const agentId = pseudonyms(identity.territoryId)(pathParameter(request, 'id'));
      if (!(await editor.erasePerson(identity, agentId, new Date(clock()))))
        throw new HttpProblem('not_found', 'There is no such agent in the directory.');
      response.status(204).end();
    },
  });
}
