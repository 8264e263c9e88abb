import type { Response } from 'express';
import Type from 'typebox';
import type { WidgetTemplateBody } from '@lumina/contracts';
import { WidgetTemplateBodySchema } from '@lumina/contracts/schemas';
import { expectedVersionOf } from '../../http/if-match.ts';
import { HttpProblem } from '../../http/problem.ts';
import { defineRoute, pathParameter } from '../../http/route.ts';
import type { Route } from '../../http/route.ts';
import { isTimeZone } from '../metrics/index.ts';
import type { TemplateWrite, WidgetTemplate, WidgetTemplateStore } from './widget-template-store.ts';

const TemplateSchema = Type.Object({
  id: Type.String(),
  title: Type.String(),
  body: Type.Unknown(),
  version: Type.Integer(),
  isShared: Type.Boolean({ description: 'Whether the platform offers it to all; then it cannot be changed here' }),
});
const TemplateListSchema = Type.Object({ items: Type.Array(TemplateSchema) });
const DraftSchema = Type.Object(
  { title: Type.String({ minLength: 1, maxLength: 120 }), body: WidgetTemplateBodySchema },
  { additionalProperties: false },
);

function templateOf(outcome: TemplateWrite, id: string, submitted?: unknown): WidgetTemplate {
  switch (outcome.kind) {
    case 'done':
      return outcome.template;
    case 'missing':
      // The same words for what is not there and what is another territory's.
      throw new HttpProblem('not_found', `There is no widget template ${id}.`);
    case 'shared':
      throw new HttpProblem('forbidden', 'The platform offers this template to all; create one of your own instead.');
    case 'stale':
      throw new HttpProblem(
        'conflict',
        'Somebody saved this template in the meantime; load it again and repeat the change.',
        { extensions: { current: outcome.current, submitted } },
      );
  }
}

function assertZone({ options }: WidgetTemplateBody): void {
  if (options?.timeZone !== undefined && !isTimeZone(options.timeZone)) {
    throw new HttpProblem(
      'invalid_request',
      'body/body/options/timeZone is not an IANA time zone; write for example Europe/London.',
    );
  }
}

function send(response: Response, template: WidgetTemplate): void {
  response
    .set('ETag', `"${String(template.version)}"`)
    .set('Cache-Control', 'private, no-cache')
    .json(template);
}

function writeRoutes(store: WidgetTemplateStore): Route[] {
  return [
    defineRoute({
      method: 'post',
      path: '/api/widgets',
      summary: 'Add a widget to start from',
      permission: 'dashboards:write',
      body: DraftSchema,
      success: { status: 201, description: 'The new template', schema: TemplateSchema },
      handle: async ({ identity, body, response }) => {
        assertZone(body.body);
        response.status(201);
        send(response, await store.create(identity, body));
      },
    }),
    defineRoute({
      method: 'put',
      path: '/api/widgets/{id}',
      summary: 'Replace a widget to start from, if nobody changed it since',
      permission: 'dashboards:write',
      headers: ['If-Match'],
      body: DraftSchema,
      success: { status: 200, description: 'The new version', schema: TemplateSchema },
      handle: async ({ identity, body, request, response }) => {
        assertZone(body.body);
        const id = pathParameter(request, 'id');
        const outcome = await store.replace(identity, id, expectedVersionOf(request), body);
        send(response, templateOf(outcome, id, body));
      },
    }),
    defineRoute({
      method: 'delete',
      path: '/api/widgets/{id}',
      summary: 'Delete a widget to start from; what was made of it stays',
      permission: 'dashboards:write',
      success: { status: 204, description: 'It is gone' },
      handle: async ({ identity, request, response }) => {
        const id = pathParameter(request, 'id');
        templateOf(await store.remove(identity, id), id);
        response.status(204).end();
      },
    }),
  ];
}

/** `/api/widgets`: widgets to start from, the territory's own and those that the platform offers to all. */
export function widgetRoutes(store: WidgetTemplateStore): readonly Route[] {
  return [
    defineRoute({
      method: 'get',
      path: '/api/widgets',
      summary: 'Widgets to start from',
      permission: 'dashboards:read',
      success: { status: 200, description: 'Templates by title', schema: TemplateListSchema },
      handle: async ({ identity, response }) => {
        response.set('Cache-Control', 'private, no-cache').json({ items: await store.list(identity) });
      },
    }),
    ...writeRoutes(store),
  ];
}
