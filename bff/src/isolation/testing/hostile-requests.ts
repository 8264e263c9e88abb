import fc from 'fast-check';
import type { Caller } from './callers.ts';
import type { DocumentedRoute } from './documented-routes.ts';
import { ODD_NUMBERS } from './forged-tokens.ts';
import { NEIGHBOUR, OWN, clientIdOf, idsOf } from './territories.ts';
import type { Attempt } from './wire.ts';

/** Something that somebody with a good token sends to get at what is not theirs. */
export interface HostileRequest {
  readonly caller: Caller;
  readonly attempt: Attempt;
}

type Headers = Readonly<Record<string, string | readonly string[]>>;

/** Values that Node lets into a header. */
const ODD_HEADER_NUMBERS = ODD_NUMBERS.map((odd) => (typeof odd === 'string' ? odd : JSON.stringify(odd))).filter(
  (text) => /^[\x21-\x7e][\x20-\x7e]*$/.test(text),
);
const THEIRS = String(NEIGHBOUR.id);

const spoofs: fc.Arbitrary<Headers> = fc.oneof(
  fc
    .constantFrom('X-Territory-Id', 'X-Region-Id')
    .chain((name) => fc.constantFrom(...ODD_HEADER_NUMBERS, THEIRS).map((value) => ({ [name]: value }))),
  fc.constant({ 'X-Territory-Id': THEIRS, 'X-Region-Id': '1', 'X-Reason': 'audit' }),
  fc.constant({ 'X-Territory-Id': [String(OWN.id), THEIRS] }),
  fc
    .constantFrom(
      'X-Lumina-Territory',
      'X-Lumina-Region',
      'X-Lumina-Identity',
      'X-Lumina-Scope',
      'X-Lumina-Roles',
      'X-Original-Territory-Id',
      'X-Tenant-Id',
      'X-User',
      'X-Amzn-Oidc-Data',
    )
    .chain((name) => fc.constantFrom(THEIRS, 'admin', '{"territoryId":102}', '*').map((value) => ({ [name]: value }))),
  fc
    .constantFrom('X-Original-Url', 'X-Original-Uri', 'X-Rewrite-Url', 'X-Forwarded-Prefix', 'X-Http-Method-Override')
    .chain((name) =>
      fc.constantFrom('/internal/ingest-keys', '/api/audit', 'DELETE').map((value) => ({ [name]: value })),
    ),
  fc
    .constantFrom('X-Forwarded-For', 'Forwarded', 'X-Real-Ip', 'X-Forwarded-Host', 'X-Forwarded-Proto', 'Via')
    .chain((name) => fc.constantFrom('127.0.0.1', 'for=127.0.0.1', 'localhost').map((value) => ({ [name]: value }))),
  fc
    .constantFrom('close, authorization', 'keep-alive, x-territory-id', 'keep-alive, content-length')
    .map((value) => ({ Connection: value, 'X-Territory-Id': THEIRS })),
  fc.constant({ Cookie: 'territory_id=102; role=super_admin' }),
  fc.constant({ 'If-None-Match': '*', 'Cache-Control': 'only-if-cached' }),
  fc.constantFrom('bytes=0-10', 'items=0-').map((value) => ({ Range: value })),
);

const oddIds = fc.oneof(
  fc.constantFrom(...ODD_NUMBERS.map((odd) => encodeURIComponent(typeof odd === 'string' ? odd : JSON.stringify(odd)))),
  fc.constantFrom(
    '..',
    '%2e%2e',
    '..%2f..%2finternal%2fingest-keys',
    '%2f',
    '.',
    '*',
    '%25',
    '%00',
    'a%00b',
    '%c0%ae',
    '%ff',
    "'%20or%201=1--",
    '__proto__',
    'constructor',
    'q_theirs%20',
    'Q_SAME',
    '%F0%9F%98%80',
    'a'.repeat(300),
    `r2_${'a'.repeat(22)}`,
    clientIdOf(NEIGHBOUR.suffix),
  ),
  fc.string({ minLength: 1, maxLength: 20, unit: 'binary' }).map((text) => encodeURIComponent(text.toWellFormed())),
);

const oddQueries = fc
  .constantFrom(
    'territory_id',
    'territoryId',
    'tenant',
    'region_id',
    'scope',
    'cursor',
    'limit',
    'q',
    'target',
    'actor',
    'from',
    'dashboard',
    'folder',
    '__proto__',
    'constructor',
    'access_token',
    'access_token[]',
  )
  .chain((name) =>
    fc
      .constantFrom(
        THEIRS,
        ...ODD_NUMBERS.map((odd) => JSON.stringify(odd)),
        '%',
        '_',
        "' or 1=1--",
        '../../102',
        idsOf('dashboards', NEIGHBOUR.suffix)[0] ?? '',
      )
      .map((value) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`),
  );

const oddBodies = fc.oneof(
  fc
    .constantFrom(...ODD_NUMBERS)
    .map((odd) => JSON.stringify({ territoryId: odd, territory_id: 102, tenant: { territoryId: 102 } })),
  fc.constantFrom(
    '{"__proto__":{"territoryId":102,"roles":["super_admin"]}}',
    '{"constructor":{"prototype":{"territoryId":102}}}',
    '[{"__proto__":{"territory_id":102}}]',
    '{"range":{"last":"1h"},"queries":[{"ref":"a","metrics":["call_count"],"filters":[{"dim":"territory_id","op":"eq","values":["102"]}]}]}',
    '{"range":{"last":"1h"},"queries":[{"ref":"a","metrics":["call_count"],"groupBy":["territory_id"]}]}',
    '{"range":{"last":"1h"},"queries":[{"ref":"a","metrics":["call_count"],"filters":[{"dim":"queue_id","op":"ne","values":["x\' or territory_id=\'102"]}],"groupBy":["queue_id"]}]}',
    '{"range":{"last":"1h"},"queries":[{"ref":"a","metrics":["call_count"]}],"territory":"102"}',
    '{"range":{"last":"1h"},"queries":[{"ref":"a","metrics":["call_count"]}],"territory":"platform"}',
    '{"rows":"calls","filters":[{"dim":"territory_id","op":"in","values":["101","102"]}]}',
    '{"rows":"waiting","territoryId":102}',
    '{"rows":"calls","cursor":"eyJ0ZXJyaXRvcnlJZCI6MTAyfQ"}',
    '{"requests":[{"id":"a","range":{"last":"1h"},"queries":[],"rows":{"kind":"waiting"},"territoryId":102}],"resume":"102:1"}',
    '"text"',
    'null',
    '{',
    `${'['.repeat(60)}${']'.repeat(60)}`,
    '{"a":"\\u0000"}',
  ),
  fc.json({ maxDepth: 3 }),
);

const oddPaths = fc.constantFrom(
  '/internal/ingest-keys',
  '/internal/client-origins',
  '//internal/ingest-keys',
  '/api/../internal/ingest-keys',
  '/api/%2e%2e/internal/ingest-keys',
  '/api//dashboards/board_theirs',
  '/API/dashboards/board_theirs',
  '/api/dashboards/board_theirs/',
  '/api/dashboards/board_same/../board_theirs',
  '/api/dashboards;territory=102/board_theirs',
  '/api/dashboards/board_same%2f..%2fboard_theirs',
  '/api/dashboards\\board_theirs',
  '/api/./session',
  '/api/session/..%2faudit',
  '/api/session%00',
  '/api/session?/../audit',
  'http://127.0.0.1/api/session',
  'http://elsewhere.example/api/dashboards',
  '/%61pi/session',
  '/api/directory/__proto__',
  '/api/directory/constructor',
  '/api/directory/territories',
  '/api/directory/people',
  '/metrics',
  '/healthz',
  '/config.json',
  '/.well-known/lumina-embed.json',
  `/share/r1_${'a'.repeat(22)}`,
  `/embed/r1_${'b'.repeat(22)}`,
  '/api/live/ws',
  '/api/live/ws?ticket=102',
);

function pathOf(route: DocumentedRoute, id: string): string {
  return route.ids.reduce((path, { name }) => path.replace(`{${name}}`, id), route.path);
}

/** Draws them over all routes and callers. */
export function hostileRequests(
  routes: readonly DocumentedRoute[],
  callers: readonly Caller[],
  origins: readonly string[],
): fc.Arbitrary<HostileRequest> {
  const route = fc.constantFrom(...routes);
  const plain = (chosen: DocumentedRoute): string =>
    chosen.ids.reduce(
      (path, { name, word }) => path.replace(`{${name}}`, encodeURIComponent(idsOf(word, 'theirs')[0] ?? '')),
      chosen.path,
    );
  const reading = fc.constantFrom(...routes.filter(({ method }) => method === 'GET'));
  const writing = fc.constantFrom(...routes.filter(({ body }) => body?.mediaType === 'application/json'));
  const naming = fc.constantFrom(...routes.filter(({ ids }) => ids.length > 0));
  const parts = fc.oneof(
    fc
      .record({ one: reading, headers: spoofs })
      .map(({ one, headers }) => ({ method: one.method, path: plain(one), headers })),
    fc
      .record({ one: naming, id: oddIds })
      .map(({ one, id }) => ({ method: one.method, path: pathOf(one, id), headers: { 'If-Match': '"1"' } })),
    fc
      .record({ one: reading, query: oddQueries })
      .map(({ one, query }) => ({ method: one.method, path: `${plain(one)}?${query}`, headers: {} })),
    fc
      .record({ one: writing, body: oddBodies, headers: fc.oneof(fc.constant({}), spoofs) })
      .map(({ one, body, headers }) => ({
        method: one.method,
        path: plain(one),
        body,
        headers: { ...headers, 'Content-Type': 'application/json', 'If-Match': '"1"' },
      })),
    fc.record({ path: oddPaths, method: fc.constantFrom('GET', 'POST', 'HEAD', 'OPTIONS', 'PATCH'), headers: spoofs }),
    fc
      .record({ one: route, method: fc.constantFrom('PATCH', 'HEAD', 'OPTIONS', 'TRACE') })
      .map(({ one, method }) => ({ method, path: plain(one), headers: {} })),
  );
  return fc
    .record({ parts, caller: fc.constantFrom(...callers), origin: fc.constantFrom(...origins) })
    .map(({ parts: drawn, caller, origin }) => ({
      caller,
      attempt: { origin, ...drawn, headers: { ...caller.headers, ...drawn.headers } },
    }));
}
