import { once } from 'node:events';
import type { Request, Response } from 'express';
import Type from 'typebox';
import { AUDIT_ACTIONS } from '@lumina/contracts';
import { AuditPageSchema } from '@lumina/contracts/schemas';
import type { Identity } from '../../auth/identity.ts';
import { HttpProblem } from '../../http/problem.ts';
import { defineRoute } from '../../http/route.ts';
import type { Route } from '../../http/route.ts';
import { csvHeader, csvOf } from './audit-csv.ts';
import { decodeCursor, encodeCursor } from './audit-cursor.ts';
import type { AuditFilter, AuditLog } from './audit-log.ts';
import type { AuditTrail } from './audit-trail.ts';

const DEFAULT_LIMIT = 100;
const CSV_PAGE_ROWS = 1_000;
const INSTANT = '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,9})?(Z|[+-]\\d{2}:\\d{2})$';

const AuditQuerySchema = Type.Object(
  {
    action: Type.Optional(Type.Enum([...AUDIT_ACTIONS], { description: 'Only acts of this kind' })),
    actor: Type.Optional(Type.String({ minLength: 1, maxLength: 255, description: 'Only acts of this subject' })),
    target: Type.Optional(Type.String({ minLength: 1, maxLength: 255, description: 'Only acts upon this id' })),
    from: Type.Optional(Type.String({ pattern: INSTANT, description: 'RFC 3339, inclusive' })),
    to: Type.Optional(Type.String({ pattern: INSTANT, description: 'RFC 3339, exclusive' })),
    limit: Type.Optional(
      Type.String({ pattern: '^([1-9]\\d?|[1-4]\\d{2}|500)$', description: '1 to 500; default 100' }),
    ),
    cursor: Type.Optional(Type.String({ maxLength: 100, description: '`next` of the page before' })),
    format: Type.Optional(
      Type.Enum(['json', 'csv'], { description: 'csv, or Accept: text/csv, gives all of it in one download' }),
    ),
  },
  { additionalProperties: false },
);
type AuditQuery = Type.Static<typeof AuditQuerySchema>;

function instantOf(text: string, name: string): Date {
  const instant = new Date(text);
  if (!Number.isNaN(instant.getTime())) return instant;
  throw new HttpProblem('invalid_request', `query/${name} is no instant; write for example 2026-01-31T09:30:00Z.`);
}

function filterOf({ action, actor, target, from, to }: AuditQuery): AuditFilter {
  return {
    ...(action === undefined ? {} : { action }),
    ...(actor === undefined ? {} : { actor }),
    ...(target === undefined ? {} : { target }),
    ...(from === undefined ? {} : { from: instantOf(from, 'from') }),
    ...(to === undefined ? {} : { to: instantOf(to, 'to') }),
  };
}

function wantsCsv(request: Request, { format }: AuditQuery): boolean {
  if (format !== undefined) return format === 'csv';
  return request.accepts(['application/json', 'text/csv']) === 'text/csv';
}

/** Writes all of it page by page, at the pace of whoever reads; a reader that leaves ends it. */
async function sendCsv(response: Response, log: AuditLog, identity: Identity, filter: AuditFilter): Promise<void> {
  const left = new AbortController();
  const hasLeft = (): boolean => left.signal.aborted;
  response.once('close', () => {
    left.abort();
  });
  response.type('text/csv; charset=utf-8').set('Cache-Control', 'no-store');
  response.set('Content-Disposition', 'attachment; filename="audit.csv"');
  response.write(csvHeader());
  let before: number | undefined;
  do {
    const page = await log.page(identity, filter, { before, limit: CSV_PAGE_ROWS });
    if (hasLeft()) return;
    const hasRoom = response.write(csvOf(page.items));
    if (!hasRoom) {
      // The close of the connection ends the wait as well.
      await once(response, 'drain', { signal: left.signal }).catch((error: unknown) => {
        if (!hasLeft()) throw error;
      });
    }
    before = page.next;
  } while (before !== undefined && !hasLeft());
  response.end();
}

/** `GET /api/audit`: who did what in the territory, newest first, in pages or as one table. */
export function auditRoutes(log: AuditLog, trail: AuditTrail): readonly Route[] {
  return [
    defineRoute({
      method: 'get',
      path: '/api/audit',
      summary:
        'Who did what in the territory, newest first; as text/csv all of it at once, which is recorded as export',
      permission: 'audit:read',
      query: AuditQuerySchema,
      success: {
        status: 200,
        description: 'One page, and the cursor of the next',
        schema: AuditPageSchema,
        alternatives: { 'text/csv': Type.String({ description: 'All of it, RFC 4180 with a header' }) },
      },
      handle: async ({ identity, query, request, response }) => {
        const filter = filterOf(query);
        response.vary('Accept');
        if (wantsCsv(request, query)) {
          const detail = { format: 'csv', filters: Object.keys(filter) };
          await trail.record(identity, { action: 'export', target: { kind: 'audit', id: 'audit' }, detail });
          await sendCsv(response, log, identity, filter);
          return;
        }
        const before = query.cursor === undefined ? undefined : decodeCursor(query.cursor);
        const page = await log.page(identity, filter, { before, limit: Number(query.limit ?? DEFAULT_LIMIT) });
        const next = page.next === undefined ? null : encodeCursor(page.next);
        response.set('Cache-Control', 'no-store').json({ items: page.items, next });
      },
    }),
  ];
}
