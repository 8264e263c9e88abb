import Type from 'typebox';
import { HttpProblem } from '../../http/problem.ts';
import { defineRoute, pathParameter } from '../../http/route.ts';
import type { Route } from '../../http/route.ts';
import { DIRECTORY_KINDS } from './directory-store.ts';
import type { DirectoryKind, DirectoryStore } from './directory-store.ts';

const MAX_ENTRIES = 1_000;

const DirectoryQuerySchema = Type.Object(
  { q: Type.Optional(Type.String({ maxLength: 100, description: 'Part of a name or id, any case' })) },
  { additionalProperties: false },
);

const DirectoryReplySchema = Type.Object({
  items: Type.Array(
    Type.Object({
      id: Type.String(),
      name: Type.String(),
      externalId: Type.Optional(Type.String()),
      teamId: Type.Optional(Type.String()),
      queueIds: Type.Optional(Type.Array(Type.String())),
      retired: Type.Optional(Type.Literal(true, { description: 'Gone; kept so that its past keeps its name' })),
    }),
  ),
});

function isDirectoryKind(text: string): text is DirectoryKind {
  return DIRECTORY_KINDS.some((kind) => kind === text);
}

/** `GET /api/directory/{kind}`: names for the ids that metrics are grouped by. */
export function directoryRoutes(store: DirectoryStore): readonly Route[] {
  return [
    defineRoute({
      method: 'get',
      path: '/api/directory/{kind}',
      summary: 'Queues, agents, teams or trunks of the territory, as far as the identity may see them',
      permission: 'directory:read',
      query: DirectoryQuerySchema,
      success: { status: 200, description: 'Entries by name', schema: DirectoryReplySchema },
      handle: async ({ identity, query, request, response }) => {
        const kind = pathParameter(request, 'kind');
        if (!isDirectoryKind(kind))
          throw new HttpProblem('not_found', `The directory holds ${DIRECTORY_KINDS.join(', ')}.`);
        const items = await store.list(identity, kind, {
          limit: MAX_ENTRIES,
          ...(query.q === undefined ? {} : { text: query.q }),
          ...(identity.scope === undefined ? {} : { scope: identity.scope }),
        });
        response.set('Cache-Control', 'private, no-cache').json({ items });
      },
    }),
  ];
}
