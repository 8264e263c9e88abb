import type { Response } from 'express';
import Type from 'typebox';
import { MAX_WEBHOOKS } from '@lumina/contracts';
import type { Webhook } from '@lumina/contracts';
import { WebhookDeliverySchema, WebhookDraftSchema, WebhookSchema } from '@lumina/contracts/schemas';
import type { Identity } from '../../auth/identity.ts';
import { expectedVersionOf } from '../../http/if-match.ts';
import { HttpProblem } from '../../http/problem.ts';
import { defineRoute, pathParameter } from '../../http/route.ts';
import type { Route } from '../../http/route.ts';
import {
  AddressRefusedError,
  HostUnknownError,
  parseWebhookUrl,
  resolveHost,
  resolvePublic,
} from './webhook-address.ts';
import type { AllowedHosts, ResolveHost } from './webhook-address.ts';
import { newWebhookSecret } from './webhook-signature.ts';
import type { WebhookStore } from './webhook-store.ts';

/** What the routes of endpoints need. */
export interface WebhookRouteOptions {
  readonly webhooks: WebhookStore;
  readonly allowedHosts: AllowedHosts;
  readonly resolve?: ResolveHost;
}

const WebhookListSchema = Type.Object({ items: Type.Array(WebhookSchema) });
const DeliveryListSchema = Type.Object({ items: Type.Array(WebhookDeliverySchema) });
const MAX_DELIVERIES = 200;
/** How long a replaced secret signs beside the new one: a day to bring the new one to the receiver. */
const OVERLAP_MS = 86_400_000;
const WAIT_SECONDS = '10';

function missing(id: string): HttpProblem {
  return new HttpProblem('not_found', `There is no webhook ${id}.`);
}

/** Paths and queries of endpoints often hold a key; whoever does not administer them sees only where they lead. */
function shownTo(identity: Identity, webhook: Webhook): Webhook {
  return identity.permissions.includes('settings:write') ? webhook : { ...webhook, url: new URL(webhook.url).origin };
}

function send(response: Response, webhook: Webhook): void {
  response
    .set('ETag', `"${String(webhook.version)}"`)
    // A secret in it is told once.
    .set('Cache-Control', 'no-store')
    .json(webhook);
}

async function assertAddress(
  text: string,
  { allowedHosts, resolve = resolveHost }: WebhookRouteOptions,
): Promise<void> {
  try {
    await resolvePublic(parseWebhookUrl(text, allowedHosts), resolve, allowedHosts);
  } catch (error) {
    if (error instanceof AddressRefusedError) {
      throw new HttpProblem(error.code, `body/url: ${error.message}`, { cause: error });
    }
    if (error instanceof HostUnknownError) {
      throw new HttpProblem('invalid_request', 'body/url: the name does not resolve; check it.', { cause: error });
    }
    throw error;
  }
}

function readRoutes({ webhooks }: WebhookRouteOptions): Route[] {
  return [
    defineRoute({
      method: 'get',
      path: '/api/alerts/webhooks',
      summary: 'The endpoints that alert rules can tell; secrets are never shown again',
      permission: 'alerts:write',
      success: { status: 200, description: 'Endpoints by name', schema: WebhookListSchema },
      handle: async ({ identity, response }) => {
        const items = (await webhooks.list(identity)).map((webhook) => shownTo(identity, webhook));
        response.set('Cache-Control', 'private, no-cache').json({ items });
      },
    }),
    defineRoute({
      method: 'get',
      path: '/api/alerts/webhooks/{id}/deliveries',
      summary: 'What an endpoint was sent and what became of it, newest first',
      permission: 'alerts:write',
      success: { status: 200, description: `The last ${String(MAX_DELIVERIES)}`, schema: DeliveryListSchema },
      handle: async ({ identity, request, response }) => {
        const id = pathParameter(request, 'id');
        if ((await webhooks.find(identity, id)) === undefined) throw missing(id);
        const items = await webhooks.deliveries(identity, id, MAX_DELIVERIES);
        response.set('Cache-Control', 'no-store').json({ items });
      },
    }),
  ];
}

// An endpoint takes what the territory's numbers say out of the house, hence the permission of its settings.
function writeRoutes(options: WebhookRouteOptions): Route[] {
  const { webhooks } = options;
  return [
    defineRoute({
      method: 'post',
      path: '/api/alerts/webhooks',
      summary: 'Add an endpoint; the answer is the only one that tells its secret',
      permission: 'settings:write',
      body: WebhookDraftSchema,
      success: { status: 201, description: 'The endpoint with its secret', schema: WebhookSchema },
      handle: async ({ identity, body, response }) => {
        await assertAddress(body.url, options);
        const secret = newWebhookSecret();
        const webhook = await webhooks.create(identity, body, secret);
        if (webhook === undefined)
          throw new HttpProblem(
            'invalid_request',
            `A territory has at most ${String(MAX_WEBHOOKS)} webhooks; delete one.`,
          );
        response.status(201);
        send(response, { ...webhook, secret });
      },
    }),
    defineRoute({
      method: 'put',
      path: '/api/alerts/webhooks/{id}',
      summary: 'Change name or address of an endpoint, if nobody changed it since',
      permission: 'settings:write',
      headers: ['If-Match'],
      body: WebhookDraftSchema,
      success: { status: 200, description: 'The endpoint', schema: WebhookSchema },
      handle: async ({ identity, body, request, response }) => {
        const id = pathParameter(request, 'id');
        const expectedVersion = expectedVersionOf(request);
        await assertAddress(body.url, options);
        const outcome = await webhooks.replace(identity, id, expectedVersion, body);
        if (outcome.kind === 'missing') throw missing(id);
        if (outcome.kind === 'stale')
          throw new HttpProblem('conflict', 'Somebody saved this webhook in the meantime; load it again.');
        send(response, outcome.webhook);
      },
    }),
    defineRoute({
      method: 'delete',
      path: '/api/alerts/webhooks/{id}',
      summary: 'Delete an endpoint and what still waits for it; rules that name it tell nobody',
      permission: 'settings:write',
      success: { status: 204, description: 'It is gone' },
      handle: async ({ identity, request, response }) => {
        const id = pathParameter(request, 'id');
        if (!(await webhooks.remove(identity, id))) throw missing(id);
        response.status(204).end();
      },
    }),
  ];
}

function actionRoutes({ webhooks }: WebhookRouteOptions): Route[] {
  return [
    defineRoute({
      method: 'post',
      path: '/api/alerts/webhooks/{id}/secret',
      summary: 'Replace the secret of an endpoint; the one before signs beside it for a day',
      permission: 'settings:write',
      success: { status: 200, description: 'The endpoint with its new secret', schema: WebhookSchema },
      handle: async ({ identity, request, response }) => {
        const id = pathParameter(request, 'id');
        const secret = newWebhookSecret();
        const webhook = await webhooks.rotate(identity, id, secret, OVERLAP_MS);
        if (webhook === undefined) throw missing(id);
        send(response, { ...webhook, secret });
      },
    }),
    defineRoute({
      method: 'post',
      path: '/api/alerts/webhooks/{id}/test',
      summary: 'Send a message that tells of nothing; its id shows up among the deliveries',
      permission: 'settings:write',
      success: { status: 202, description: 'It waits to be sent', schema: WebhookDeliverySchema },
      handle: async ({ identity, request, response }) => {
        const id = pathParameter(request, 'id');
        if ((await webhooks.find(identity, id)) === undefined) throw missing(id);
        const delivery = await webhooks.enqueueTest(identity, id);
        if (delivery === undefined) {
          throw new HttpProblem('rate_limited', 'Several tests wait already; see what becomes of them first.', {
            headers: { 'Retry-After': WAIT_SECONDS },
          });
        }
        response.status(202).set('Cache-Control', 'no-store').json(delivery);
      },
    }),
  ];
}

/** `/api/alerts/webhooks`: who is told of alerts. */
export function webhookRoutes(options: WebhookRouteOptions): readonly Route[] {
  return [...readRoutes(options), ...writeRoutes(options), ...actionRoutes(options)];
}
