import { Router } from 'express';
import { ProblemSchema } from '@lumina/contracts/schemas';
import type Type from 'typebox';
import type { Route } from '../../http/route.ts';

type Json = Readonly<Record<string, unknown>>;

const PROBLEM_RESPONSE = {
  description: 'A problem; its code says which.',
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
};

function pathParameters(path: string): Json[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map((match) => ({
    name: match[1],
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
}

function queryParameters(query: Type.TSchema | undefined): Json[] {
  const { properties = {}, required = [] } = (query ?? {}) as {
    properties?: Record<string, unknown>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    schema,
  }));
}

function headerParameters(names: readonly string[] = []): Json[] {
  return names.map((name) => ({ name, in: 'header', required: true, schema: { type: 'string' } }));
}

/** A name for generated clients: `get_api_dashboards_id`. */
function operationIdOf({ method, path }: Route): string {
  const words = path.split(/[^A-Za-z0-9]+/).filter((word) => word !== '');
  return [method, ...words].join('_');
}

/** Bodies by media type. */
function contentOf(schemas: Readonly<Record<string, Type.TSchema>>): Json {
  return Object.fromEntries(Object.entries(schemas).map(([mediaType, schema]) => [mediaType, { schema }]));
}

function responsesOf({ method, success, failure }: Route): Json {
  const content =
    success.schema === undefined
      ? {}
      : { content: contentOf({ [success.mediaType ?? 'application/json']: success.schema, ...success.alternatives }) };
  return {
    [String(success.status)]: { description: success.description, ...content },
    ...(method === 'get' ? { 304: { description: 'What If-None-Match names is still so.' } } : {}),
    default:
      failure === undefined
        ? PROBLEM_RESPONSE
        : { description: 'It is refused.', content: { [failure.mediaType]: { schema: failure.schema } } },
  };
}

function operationOf(route: Route): Json {
  return {
    operationId: operationIdOf(route),
    summary: route.summary,
    ...(route.isOpen === true ? { security: [] } : {}),
    ...(route.permission === undefined ? {} : { description: `Needs the permission ${route.permission}.` }),
    parameters: [...pathParameters(route.path), ...queryParameters(route.query), ...headerParameters(route.headers)],
    ...(route.body === undefined
      ? {}
      : {
          requestBody: {
            required: true,
            content: { [route.bodyMediaType ?? 'application/json']: { schema: route.body } },
          },
        }),
    responses: responsesOf(route),
  };
}

/** The OpenAPI 3.1 document of the routes that exist. */
export function openApiDocument(routes: readonly Route[]): Json {
  const paths: Record<string, Record<string, Json>> = {};
  for (const route of routes) paths[route.path] = { ...paths[route.path], [route.method]: operationOf(route) };
  return {
    openapi: '3.1.0',
    info: { title: 'Lumina', version: '1.0.0', description: 'What a contact centre does now, and did before.' },
    security: [{ accessToken: [] }],
    paths,
    components: {
      securitySchemes: { accessToken: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
      schemas: { Problem: ProblemSchema },
    },
  };
}

/** `GET /api/openapi.json`, open to everyone: it tells what exists, not what is in it. */
export function createOpenApiRouter(routes: readonly Route[]): Router {
  const document = JSON.stringify(openApiDocument(routes));
  const router = Router();
  router.get('/api/openapi.json', (_request, response) => {
    response.type('application/json').set('Cache-Control', 'no-cache').send(document);
  });
  return router;
}
