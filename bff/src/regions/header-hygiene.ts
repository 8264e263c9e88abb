import type { IncomingHttpHeaders } from 'node:http';

/** RFC 9110 §7.6.1 and its unwritten relatives: they concern one connection and must never cross a proxy. */
const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'http2-settings',
]);
/** What only the distributor itself or its load balancer may say; a caller's word for it is dropped. */
const REQUEST_PREFIXES = ['x-forwarded-', 'x-amzn-', 'x-lumina-', 'x-b3-', 'uber'];
/** What a page may say of itself all the same: which board asks, so that its costs are told apart. */
const PAGE_NAMES = new Set(['x-lumina-dashboard']);
const REQUEST_NAMES = new Set([
  'forwarded',
  'x-real-ip',
  'x-request-id',
  'expect',
  'cookie',
  'via',
  'traceparent',
  'tracestate',
  'baggage',
  'b3',
]);
/** The distributor answers CORS, varies and names requests itself; a region's word would contradict or narrow it. */
const RESPONSE_PREFIXES = ['access-control-', 'x-amzn-'];
const RESPONSE_NAMES = new Set(['vary', 'x-powered-by', 'server', 'x-request-id', 'set-cookie']);

type Headers = IncomingHttpHeaders;

/** Header names listed in `Connection`, which RFC 9110 makes hop-by-hop too. */
function namedInConnection(headers: Headers): ReadonlySet<string> {
  const value = headers.connection ?? '';
  return new Set(
    value
      .split(',')
      .map((token) => token.trim().toLowerCase())
      .filter((token) => token !== ''),
  );
}

function remove(headers: Headers, isUnwanted: (name: string) => boolean): void {
  // The message objects of Node are the only place the proxy reads from, so they are changed in place.
  for (const name of Object.keys(headers)) if (isUnwanted(name)) Reflect.deleteProperty(headers, name);
}

/** What the distributor knows first-hand about a request. */
export interface ForwardedFacts {
  readonly remoteAddress: string;
  readonly protocol: string;
  readonly host: string;
  readonly requestId: string;
}

/** Cleans the headers of a request before it is proxied, and says anew where it came from. */
export function cleanRequestHeaders(headers: Headers, facts: ForwardedFacts): void {
  const named = namedInConnection(headers);
  remove(headers, (name) => {
    if (HOP_BY_HOP.has(name) || named.has(name)) return true;
    if (PAGE_NAMES.has(name)) return false;
    return REQUEST_NAMES.has(name) || REQUEST_PREFIXES.some((prefix) => name.startsWith(prefix));
  });
  headers['x-forwarded-for'] = facts.remoteAddress;
  headers['x-forwarded-proto'] = facts.protocol;
  headers['x-forwarded-host'] = facts.host;
  headers['x-request-id'] = facts.requestId;
}

/** Cleans the headers of a region's reply before they are copied to the caller. */
export function cleanResponseHeaders(headers: Headers): void {
  const named = namedInConnection(headers);
  remove(headers, (name) => {
    // Transfer-Encoding stays out: Node frames the body towards the caller itself.
    const isHop = HOP_BY_HOP.has(name) || named.has(name);
    return isHop || RESPONSE_NAMES.has(name) || RESPONSE_PREFIXES.some((prefix) => name.startsWith(prefix));
  });
}
