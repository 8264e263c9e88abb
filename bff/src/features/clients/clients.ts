import type { Response } from 'express';
import type { RegionId, RegisteredClient } from '@lumina/contracts';
import {
  ClientChangeSchema,
  ClientDraftSchema,
  ClientWithSecretSchema,
  RegisteredClientListSchema,
  RegisteredClientSchema,
} from '@lumina/contracts/schemas';
import type { Pseudonyms } from '../../auth/pseudonyms.ts';
import { expectedVersionOf } from '../../http/if-match.ts';
import { HttpProblem } from '../../http/problem.ts';
import { defineRoute, pathParameter } from '../../http/route.ts';
import type { Route } from '../../http/route.ts';
import { checkedFields, digestOfSecret, newClientId, newSecret } from './client-fields.ts';
import type { ClientStore } from './client-store.ts';

/** What the routes of registered clients need. */
export interface ClientRoutesOptions {
  readonly store: ClientStore;
  readonly regionId: RegionId;
  readonly pseudonyms: Pseudonyms;
  /** Called after each change, so that this process acts on it before it is answered. */
  readonly onChanged: () => Promise<void>;
}

/** Long enough to roll a new secret out to every server of a customer, short enough to be noticed. */
const SECRET_GRACE_MS = 24 * 3_600_000;

const PATH = '/api/clients';

function missing(): HttpProblem {
  return new HttpProblem('not_found', 'There is no such client, or it was revoked.');
}

function send(response: Response, client: RegisteredClient): void {
  response
    .set('ETag', `"${String(client.version)}"`)
    .set('Cache-Control', 'private, no-cache')
    .json(client);
}

/** A reply that holds a secret is kept nowhere. */
function sendSecret(response: Response, client: RegisteredClient, secret: string): void {
  response
    .set('ETag', `"${String(client.version)}"`)
    .set('Cache-Control', 'no-store')
    .json({ ...client, secret });
}

function readRoutes({ store }: ClientRoutesOptions): Route[] {
  return [
    defineRoute({
      method: 'get',
      path: PATH,
      summary: 'The registered clients of the territory, revoked ones among them',
      permission: 'keys:write',
      success: { status: 200, description: 'Clients, oldest first', schema: RegisteredClientListSchema },
      handle: async ({ identity, response }) => {
        response.set('Cache-Control', 'private, no-cache').json({ items: await store.list(identity) });
      },
    }),
    defineRoute({
      method: 'get',
      path: `${PATH}/{id}`,
      summary: 'One registered client',
      permission: 'keys:write',
      success: { status: 200, description: 'The client', schema: RegisteredClientSchema },
      handle: async ({ identity, request, response }) => {
        const client = await store.find(identity, pathParameter(request, 'id'));
        if (client === undefined) throw missing();
        send(response, client);
      },
    }),
  ];
}

function writeRoutes({ store, regionId, pseudonyms, onChanged }: ClientRoutesOptions): Route[] {
  return [
    defineRoute({
      method: 'post',
      path: PATH,
      summary: 'Register a client; its secret is in the answer and nowhere else',
      permission: 'keys:write',
      body: ClientDraftSchema,
      success: { status: 201, description: 'The client and its secret', schema: ClientWithSecretSchema },
      handle: async ({ identity, body, response }) => {
        const draft = checkedFields(body, body.kind, { identity, pseudonyms });
        const secret = newSecret();
        const client = await store.create(identity, newClientId(regionId), draft, digestOfSecret(secret));
        await onChanged();
        sendSecret(response.status(201).location(`${PATH}/${client.id}`), client, secret);
      },
    }),
    defineRoute({
      method: 'put',
      path: `${PATH}/{id}`,
      summary: 'Change what a client may, if nobody changed it since; its tokens follow at once',
      permission: 'keys:write',
      headers: ['If-Match'],
      body: ClientChangeSchema,
      success: { status: 200, description: 'The client as it is now', schema: RegisteredClientSchema },
      handle: async ({ identity, body, request, response }) => {
        const id = pathParameter(request, 'id');
        const expected = expectedVersionOf(request);
        const current = await store.find(identity, id);
        if (current === undefined) throw missing();
        const change = checkedFields(body, current.kind, { identity, pseudonyms });
        const outcome = await store.change(identity, id, expected, change);
        if (outcome.kind === 'missing') throw missing();
        if (outcome.kind === 'stale')
          throw new HttpProblem('conflict', 'Somebody changed this client in the meantime; load it again.');
        await onChanged();
        send(response, outcome.client);
      },
    }),
  ];
}

function endRoutes({ store, onChanged }: ClientRoutesOptions): Route[] {
  return [
    defineRoute({
      method: 'post',
      path: `${PATH}/{id}/secret`,
      summary: 'Give a client a new secret; the one before is taken for another day, any older one no more',
      permission: 'keys:write',
      success: { status: 200, description: 'The client and its new secret', schema: ClientWithSecretSchema },
      handle: async ({ identity, request, response }) => {
        const secret = newSecret();
        const until = new Date(Date.now() + SECRET_GRACE_MS);
        const id = pathParameter(request, 'id');
        const client = await store.rotateSecret(identity, id, digestOfSecret(secret), until);
        if (client === undefined) throw missing();
        sendSecret(response, client, secret);
      },
    }),
    defineRoute({
      method: 'delete',
      path: `${PATH}/{id}`,
      summary: 'Revoke a client for ever; its tokens and streams end at once',
      permission: 'keys:write',
      success: { status: 204, description: 'It is revoked' },
      handle: async ({ identity, request, response }) => {
        if (!(await store.revoke(identity, pathParameter(request, 'id')))) throw missing();
        await onChanged();
        response.status(204).end();
      },
    }),
  ];
}

/** `/api/clients`: programs and hosts that a territory trusts. */
export function clientRoutes(options: ClientRoutesOptions): readonly Route[] {
  return [...readRoutes(options), ...writeRoutes(options), ...endRoutes(options)];
}
