import { createHash } from 'node:crypto';
import Type from 'typebox';
import type { Pseudonyms } from '../../auth/pseudonyms.ts';
import { HttpProblem } from '../../http/problem.ts';
import { defineRoute, pathParameter } from '../../http/route.ts';
import type { Route } from '../../http/route.ts';
import { DIRECTORY_KINDS } from './directory-store.ts';
import type { DirectoryKind, DirectoryPosition, DirectorySearch, DirectoryStore } from './directory-store.ts';

const DEFAULT_ENTRIES = 1_000;
const MOST_ENTRIES = 5_000;

const DirectoryQuerySchema = Type.Object(
  {
    q: Type.Optional(Type.String({ maxLength: 200, description: 'Part of a name or id, any case; or a whole raw id' })),
    limit: Type.Optional(
      Type.String({ pattern: '^[1-9][0-9]{0,3}$', description: `Entries of a page, at most ${String(MOST_ENTRIES)}` }),
    ),
    cursor: Type.Optional(Type.String({ maxLength: 2_000, description: 'The `next` of the page before' })),
  },
  { additionalProperties: false },
);

const DirectoryReplySchema = Type.Object({
  items: Type.Array(
    Type.Object({
      id: Type.String(),
      name: Type.String(),
      externalId: Type.Optional(Type.String()),
      timeZone: Type.Optional(Type.String()),
      teamId: Type.Optional(Type.String()),
      queueIds: Type.Optional(Type.Array(Type.String())),
      retired: Type.Optional(Type.Literal(true, { description: 'Gone; kept so that its past keeps its name' })),
      unnamed: Type.Optional(Type.Literal(true, { description: 'Met in facts, and not named by anybody yet' })),
      erased: Type.Optional(Type.Literal(true, { description: 'The person behind the id was forgotten' })),
    }),
  ),
  next: Type.Union([Type.String(), Type.Null()], { description: 'Cursor of the next page' }),
});

/** The kind that a path names; refuses with `not_found`. */
export function kindOf(text: string): DirectoryKind {
  const kind = DIRECTORY_KINDS.find((known) => known === text);
  if (kind === undefined) throw new HttpProblem('not_found', `The directory holds ${DIRECTORY_KINDS.join(', ')}.`);
  return kind;
}

function encodeCursor({ name, id }: DirectoryPosition): string {
  return Buffer.from(JSON.stringify([name, id]), 'utf8').toString('base64url');
}

/** A cursor says where to go on, never whose entries: that is asked of the identity each time. */
function decodeCursor(text: string): DirectoryPosition {
  const fields = parse(Buffer.from(text, 'base64url').toString('utf8'));
  const [name, id] = Array.isArray(fields) && fields.length === 2 ? (fields as readonly unknown[]) : [];
  if (typeof name !== 'string' || typeof id !== 'string' || `${name}${id}`.includes('\0'))
    throw new HttpProblem('invalid_request', 'This is no cursor of the directory; begin without one.');
  return { name, id };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Names a representation: who may see what of which state. */
function tagOf(version: string, kind: DirectoryKind, search: DirectorySearch): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([version, kind, search]))
    .digest('base64url');
  return `W/"${digest.slice(0, 27)}"`;
}

/** `GET /api/directory/{kind}`: names for the ids that metrics are grouped by. */
export function directoryRoutes(store: DirectoryStore, pseudonyms: Pseudonyms): readonly Route[] {
  return [
    defineRoute({
      method: 'get',
      path: '/api/directory/{kind}',
      summary: 'Queues, agents, teams or trunks of the territory, as far as the identity may see them',
      permission: 'directory:read',
      query: DirectoryQuerySchema,
      success: { status: 200, description: 'Entries by name', schema: DirectoryReplySchema },
      handle: async ({ identity, query: { q, limit, cursor }, request, response }) => {
        const kind = kindOf(pathParameter(request, 'kind'));
        const textId = q === undefined ? undefined : pseudonyms(identity.territoryId)(q);
        const search: DirectorySearch = {
          limit: Math.min(Number(limit ?? DEFAULT_ENTRIES), MOST_ENTRIES),
          ...(q === undefined ? {} : { text: q }),
          ...(textId === undefined || textId === q ? {} : { textId }),
          ...(cursor === undefined ? {} : { after: decodeCursor(cursor) }),
          ...(identity.scope === undefined ? {} : { scope: identity.scope }),
        };
        // The version first: an entry that changes in between is shown too early, never kept too long.
        const tag = tagOf(await store.versionOf(identity), kind, search);
        response.set('Cache-Control', 'private, no-cache').set('ETag', tag);
        // Not Express's own comparison: who sends a tag with fetch() is made to send `no-cache` with it, which it obeys.
        if (
          request
            .get('if-none-match')
            ?.split(/\s*,\s*/)
            .includes(tag) === true
        ) {
          response.status(304).end();
          return;
        }
        const { items, next } = await store.page(identity, kind, search);
        response.json({ items, next: next === undefined ? null : encodeCursor(next) });
      },
    }),
  ];
}
