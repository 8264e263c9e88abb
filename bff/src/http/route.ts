import { Router } from 'express';
import type { Request, RequestHandler, Response } from 'express';
import type Type from 'typebox';
import { Compile } from 'typebox/compile';
import type { Permission } from '@lumina/contracts';
import { assertPermission, identityOf } from '../auth/identity.ts';
import type { Identity } from '../auth/identity.ts';
import { faultsOf } from './faults.ts';

/** What a handler is given: everything in it has been checked. */
export interface RouteContext<Body, Query> {
  readonly request: Request;
  readonly response: Response;
  readonly identity: Identity;
  readonly body: Body;
  readonly query: Query;
}

/** What a route answers when all is well. */
export interface RouteSuccess {
  readonly status: number;
  readonly description: string;
  readonly schema?: Type.TSchema;
  /** Default `application/json`. */
  readonly mediaType?: string;
  /** What it may be instead, by media type, where `Accept` asks for it. */
  readonly alternatives?: Readonly<Record<string, Type.TSchema>>;
}

/** One operation of the API: it is served from this, and documented from the same. */
export interface RouteSpec<B extends Type.TSchema, Q extends Type.TSchema> {
  readonly method: 'get' | 'post' | 'put' | 'delete';
  /** With OpenAPI's braces: `/api/dashboards/{id}`. */
  readonly path: string;
  readonly summary: string;
  readonly permission?: Permission;
  readonly body?: B;
  readonly query?: Q;
  readonly headers?: readonly string[];
  readonly success: RouteSuccess;
  readonly handle: (context: RouteContext<Type.Static<B>, Type.Static<Q>>) => Promise<void> | void;
}

/** A route ready to be mounted, and what the documentation says of it. */
export interface Route {
  readonly method: 'get' | 'post' | 'put' | 'delete';
  readonly path: string;
  readonly summary: string;
  readonly permission?: Permission | undefined;
  readonly body?: Type.TSchema | undefined;
  readonly query?: Type.TSchema | undefined;
  readonly headers?: readonly string[] | undefined;
  readonly success: RouteSuccess;
  /** Whether it asks for no token. */
  readonly isOpen?: boolean;
  /** Default `application/json`. */
  readonly bodyMediaType?: string;
  /** How it refuses, where that is no problem of RFC 9457. */
  readonly failure?: { readonly mediaType: string; readonly schema: Type.TSchema };
  /** Absent where another router serves it and only the documentation is needed. */
  readonly handler?: RequestHandler;
}

function checker<S extends Type.TSchema>(schema: S | undefined, place: string): (value: unknown) => Type.Static<S> {
  if (schema === undefined) return (value) => value as Type.Static<S>;
  const validator = Compile(schema);
  return (value) => {
    if (validator.Check(value)) return value;
    throw faultsOf(validator, value, place);
  };
}

/** Makes a route of an operation: permission first, then query and body against their schemas, then the handler. */
export function defineRoute<B extends Type.TSchema = Type.TUnknown, Q extends Type.TSchema = Type.TUnknown>(
  spec: RouteSpec<B, Q>,
): Route {
  const checkBody = checker(spec.body, 'body');
  const checkQuery = checker(spec.query, 'query');
  return {
    ...spec,
    handler: async (request, response) => {
      const identity = identityOf(request);
      if (spec.permission !== undefined) assertPermission(identity, spec.permission);
      const query = checkQuery({ ...request.query });
      const body = checkBody(request.body as unknown);
      await spec.handle({ request, response, identity, body, query });
    },
  };
}

/** Serves routes. */
export function mountRoutes(routes: readonly Route[]): Router {
  const router = Router();
  for (const route of routes) {
    if (route.handler !== undefined) router[route.method](route.path.replaceAll(/\{(\w+)\}/g, ':$1'), route.handler);
  }
  return router;
}

/** A path parameter that the route's own pattern guarantees. */
export function pathParameter(request: Request, name: string): string {
  const value = request.params[name];
  return typeof value === 'string' ? value : '';
}
