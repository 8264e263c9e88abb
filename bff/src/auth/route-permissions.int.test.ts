import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { pino } from 'pino';
import { PERMISSIONS } from '@lumina/contracts';
import type { Permission } from '@lumina/contracts';
import { compose } from '../compose.ts';
import { SEED, authOf, startRegional } from '../testing/fixtures.ts';
import { configEngines } from '../testing/config-engines.ts';
import type { ConfigEngine } from '../testing/config-engines.ts';
import type { TestServer } from '../testing/http-server.ts';
import { startLocalIssuer } from '../testing/local-issuer.ts';
import type { LocalIssuer } from '../testing/local-issuer.ts';
import { codeOf, send } from '../testing/raw-http.ts';
import type { RawReply } from '../testing/raw-http.ts';
import { OTHER_ROUTES, ROUTE_PERMISSIONS } from './route-permissions.ts';

interface Operation {
  readonly route: string;
  readonly method: string;
  readonly path: string;
  readonly description: string | undefined;
}

/** What a router of Express holds; its types do not tell. */
interface Layer {
  readonly route?: { readonly path: string; readonly methods: Readonly<Record<string, boolean>> };
  readonly handle?: { readonly stack?: readonly Layer[] };
}

let issuer: LocalIssuer;
let engine: ConfigEngine;
let region: TestServer;
let operations: readonly Operation[];

before(async () => {
  issuer = await startLocalIssuer();
  const start = [...configEngines().values()].at(-1);
  assert.ok(start !== undefined);
  engine = await start();
  region = await startRegional(issuer, SEED, { config: engine.config });
  const document = (await (await fetch(`${region.url}/api/openapi.json`)).json()) as {
    paths: Record<string, Record<string, { description?: string }>>;
  };
  operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { description }]) => ({
      route: `${method.toUpperCase()} ${path}`,
      method: method.toUpperCase(),
      path: path.replaceAll(/\{\w+\}/g, 'none'),
      description,
    })),
  );
});
after(async () => {
  await region.close();
  await engine.stop();
  issuer.close();
});

/** A token of all permissions that fit, of a person who was never seen before. */
async function tokenWith(permissions: readonly Permission[]): Promise<string> {
  return issuer.sign({ sub: 'auth0|matrix', roles: ['admin'], permissions });
}

function ask({ method, path }: Operation, token?: string): Promise<RawReply> {
  return send(region.url, {
    method,
    path,
    headers: {
      'Content-Type': 'application/json',
      ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
    },
    ...(method === 'GET' || method === 'DELETE' ? {} : { body: '{}' }),
  });
}

function routesIn(layers: readonly Layer[]): string[] {
  return layers.flatMap(({ route, handle }) => [
    ...(route === undefined
      ? []
      : Object.keys(route.methods).map(
          (method) => `${method.toUpperCase()} ${route.path.replaceAll(/:(\w+)/g, '{$1}')}`,
        )),
    ...(handle?.stack === undefined ? [] : routesIn(handle.stack)),
  ]);
}

describe('the table of permissions', () => {
  it('has every documented route, and none that is not', () => {
    assert.deepEqual(operations.map(({ route }) => route).toSorted(), Object.keys(ROUTE_PERMISSIONS).toSorted());
  });

  it('has every route that is mounted, documented or not', async () => {
    const base = { host: '127.0.0.1', port: 0, logLevel: 'silent', corsOrigins: [], auth: authOf(issuer) };
    const limits = { maxConcurrent: 1, timeoutMs: 1_000, maxPoints: 1_000, usdPerGb: 0, budgetUsdPerDay: 0 };
    const composition = compose(
      {
        ...base,
        own: {
          role: 'regional',
          regionId: 1,
          store:
            engine.config.kind === 'postgres' ? engine.config : { kind: 'postgres', url: 'postgres://127.0.0.1:9/x' },
          timestream: { region: 'eu-west-1', endpoint: 'http://127.0.0.1:9' },
          queries: limits,
          internalToken: 'internal',
        },
      },
      pino({ level: 'silent' }),
    );
    const mounted = routesIn((composition.app as unknown as { router: { stack: readonly Layer[] } }).router.stack);
    await composition.close();
    assert.ok(mounted.length >= operations.length - 1);
    const known = [...Object.keys(ROUTE_PERMISSIONS), ...Object.keys(OTHER_ROUTES)].map((route) =>
      route.replaceAll(/\{\w+\}/g, '{}'),
    );
    for (const route of mounted) {
      const [method = '', path = ''] = route.replaceAll(/\{\w+\}/g, '{}').split(' ');
      // A router below a path knows only the rest of it.
      const isKnown = known.some((one) => one.startsWith(`${method} `) && (path === '/' || one.endsWith(path)));
      assert.ok(isKnown, `${route} is mounted, but in no table of permissions`);
    }
  });

  it('says of each what the documentation says', () => {
    for (const { route, description } of operations) {
      const access = ROUTE_PERMISSIONS[route];
      assert.ok(access !== undefined);
      if ('none' in access) assert.ok(!/Needs the permission/.test(description ?? ''), route);
      else assert.ok(description?.includes(`Needs the permission ${access.permission}.`), route);
    }
  });

  it('is what is asked: nothing without a token, nothing without the permission, not more than the permission', async () => {
    const tokens = new Map(
      await Promise.all(
        PERMISSIONS.map(async (permission): Promise<[Permission, { only: string; allBut: string }]> => [
          permission,
          {
            only: await tokenWith([permission]),
            allBut: await tokenWith(PERMISSIONS.filter((other) => other !== permission)),
          },
        ]),
      ),
    );
    for (const operation of operations) {
      const { route } = operation;
      const access = ROUTE_PERMISSIONS[route];
      assert.ok(access !== undefined);
      if (route.includes(' /api/')) assert.equal((await ask(operation)).status, 401, route);
      if ('none' in access) continue;
      const token = tokens.get(access.permission);
      assert.ok(token !== undefined);
      const refused = await ask(operation, token.allBut);
      assert.deepEqual([refused.status, codeOf(refused)], [403, 'forbidden'], route);
      const answered = await ask(operation, token.only);
      assert.ok(answered.status !== 401 && answered.status !== 403, `${route}: ${answered.body}`);
    }
  });
});
