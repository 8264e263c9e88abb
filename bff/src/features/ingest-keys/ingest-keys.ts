import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { Router } from 'express';
import Type from 'typebox';
import { IngestKeyDraftSchema, IngestKeyEntrySchema, NewIngestKeySchema } from '@lumina/contracts/schemas';
import type { IngestKeyEntry, IngestKeyList } from '@lumina/contracts/schemas';
import { HttpProblem } from '../../http/problem.ts';
import { defineRoute, pathParameter } from '../../http/route.ts';
import type { Route } from '../../http/route.ts';
import type { IngestKeyStore, KeyCreation, KeyRegister } from './ingest-key-store.ts';

const SECRET_BYTES = 24;
/** Makes a key recognisable where it should not be: in a file, a log, a search for leaked secrets. */
const SECRET_PREFIX = 'lik_';
const RETRY_AFTER_S = '3600';

const KeyListSchema = Type.Object({ items: Type.Array(IngestKeyEntrySchema) });

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/** `GET /internal/ingest-keys` for the collector of the region; the distributor never proxies it. */
export function createIngestKeysRouter(store: IngestKeyStore, internalToken: string): Router {
  const expected = digest(`Bearer ${internalToken}`);
  const router = Router();
  router.get('/internal/ingest-keys', async (request, response) => {
    // Digests have one length, so the comparison tells nothing by its time.
    if (!timingSafeEqual(digest(request.headers.authorization ?? ''), expected)) {
      throw new HttpProblem('unauthenticated', 'This endpoint needs the internal token.');
    }
    const list: IngestKeyList = { keys: [...(await store.listValid())] };
    response.set('Cache-Control', 'no-store').json(list);
  });
  return router;
}

function createdOf(creation: KeyCreation): IngestKeyEntry {
  if (creation.kind === 'created') return creation.key;
  if (creation.kind === 'too_many') {
    throw new HttpProblem('invalid_request', 'The territory has as many valid keys as it may; revoke one first.');
  }
  throw new HttpProblem('rate_limited', 'Too many keys were made within a day; try again later.', {
    headers: { 'Retry-After': RETRY_AFTER_S },
  });
}

/** `/api/ingest-keys`: the secrets with which the sources of a territory post events. */
export function ingestKeyRoutes(register: KeyRegister): readonly Route[] {
  return [
    defineRoute({
      method: 'get',
      path: '/api/ingest-keys',
      summary: 'The ingest keys of the territory, newest first, the revoked ones among them; never a secret',
      permission: 'keys:write',
      success: { status: 200, description: 'Keys', schema: KeyListSchema },
      handle: async ({ identity, response }) => {
        response.set('Cache-Control', 'no-store').json({ items: await register.list(identity) });
      },
    }),
    defineRoute({
      method: 'post',
      path: '/api/ingest-keys',
      summary: 'Make an ingest key; its secret is in this answer and never again',
      permission: 'keys:write',
      body: IngestKeyDraftSchema,
      success: { status: 201, description: 'The key, and its secret', schema: NewIngestKeySchema },
      handle: async ({ identity, body, response }) => {
        const secret = `${SECRET_PREFIX}${randomBytes(SECRET_BYTES).toString('base64url')}`;
        const hash = digest(secret).toString('hex');
        const key = createdOf(await register.create(identity, { hash, label: body.label }));
        response
          .status(201)
          .set('Cache-Control', 'no-store')
          .json({ ...key, secret });
      },
    }),
    defineRoute({
      method: 'delete',
      path: '/api/ingest-keys/{id}',
      summary: 'Revoke an ingest key for good; the collector refuses it as soon as it has asked again. May be repeated',
      permission: 'keys:write',
      success: { status: 204, description: 'It is revoked' },
      handle: async ({ identity, request, response }) => {
        const id = pathParameter(request, 'id');
        if (!(await register.revoke(identity, id))) {
          // The same words for what is not there and what is another territory's.
          throw new HttpProblem('not_found', `There is no ingest key ${id}.`);
        }
        response.status(204).end();
      },
    }),
  ];
}
