import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { LOCAL_AUDIENCE } from '@lumina/contracts';
import { SignJWT, importJWK } from 'jose';
import type Provider from 'oidc-provider';
import type { IdpConfig } from './config.ts';
import { loadKeyRing } from './keys.ts';
import type { KeyRing } from './keys.ts';
import { LOGOUT_SCRIPT, STYLESHEET, loginPage } from './pages.ts';
import { STANDALONE_CLIENT_ID, createProvider } from './provider.ts';
import { LOCAL_PASSWORD, accessClaimsOf, userByEmail } from './users.ts';

/** A running identity provider. */
export interface RunningIdp {
  readonly issuer: string;
  readonly port: number;
  close(): Promise<void>;
}

interface Site {
  readonly issuer: string;
  readonly accessTokenSeconds: number;
  readonly ring: KeyRing;
  readonly provider: Provider;
}

const MAX_BODY_BYTES = 16 * 1024;

const CONTENT_SECURITY_POLICY =
  "default-src 'none'; style-src 'self'; script-src 'self'; frame-ancestors 'none'; base-uri 'none'";

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > MAX_BODY_BYTES) throw new Error('body_too_large: a login form has a few hundred bytes');
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

function send(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, {
    'content-type': `${type}; charset=utf-8`,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...(type === 'text/html' ? { 'content-security-policy': CONTENT_SECURITY_POLICY } : {}),
  });
  response.end(body);
}

const sendJson = (response: ServerResponse, status: number, body: unknown): void => {
  send(response, status, 'application/json', JSON.stringify(body));
};

async function interact(site: Site, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { uid, params } = await site.provider.interactionDetails(request, response);
  const hint = typeof params['login_hint'] === 'string' ? params['login_hint'] : '';
  if (request.method !== 'POST') {
    send(response, 200, 'text/html', loginPage(uid, hint, false));
    return;
  }
  const form = new URLSearchParams(await bodyOf(request));
  const email = form.get('email') ?? '';
  const user = userByEmail(email);
  if (user === undefined || form.get('password') !== LOCAL_PASSWORD) {
    send(response, 401, 'text/html', loginPage(uid, email, true));
    return;
  }
  await site.provider.interactionFinished(request, response, { login: { accountId: user.sub, remember: true } });
}

/** Auth0's own logout path, in the words of OpenID Connect. */
function redirectToLogout(url: URL, response: ServerResponse): void {
  const query = new URLSearchParams({ client_id: url.searchParams.get('client_id') ?? STANDALONE_CLIENT_ID });
  const returnTo = url.searchParams.get('returnTo');
  if (returnTo !== null) query.set('post_logout_redirect_uri', returnTo);
  response.writeHead(302, { location: `/oidc/logout?${query.toString()}` }).end();
}

/** A token without a browser, for commands on this machine. Pages are refused: they name their origin. */
async function issueDevToken(site: Site, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.headers.origin !== undefined || request.headers['content-type'] !== 'application/json') {
    sendJson(response, 403, { code: 'forbidden', detail: 'Post JSON from a command, not from a page.' });
    return;
  }
  const asked: unknown = JSON.parse(await bodyOf(request));
  const email = typeof asked === 'object' && asked !== null && 'email' in asked ? asked.email : undefined;
  const user = typeof email === 'string' ? userByEmail(email) : undefined;
  if (user === undefined) {
    sendJson(response, 404, { code: 'not_found', detail: 'No local user has this e-mail address.' });
    return;
  }
  const token = await new SignJWT({ ...accessClaimsOf(user), scope: 'openid profile email', azp: STANDALONE_CLIENT_ID })
    .setProtectedHeader({
      alg: 'RS256',
      typ: 'JWT',
      ...(site.ring.signing.kid === undefined ? {} : { kid: site.ring.signing.kid }),
    })
    .setIssuer(site.issuer)
    .setSubject(user.sub)
    .setAudience(LOCAL_AUDIENCE)
    .setJti(crypto.randomUUID())
    .setIssuedAt()
    .setExpirationTime(`${String(site.accessTokenSeconds)}s`)
    .sign(await importJWK(site.ring.signing, 'RS256'));
  sendJson(response, 200, { access_token: token, token_type: 'Bearer', expires_in: site.accessTokenSeconds });
}

async function answer(site: Site, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', site.issuer);
  if (url.pathname === '/readyz' || url.pathname === '/healthz') sendJson(response, 200, { status: 'ok' });
  else if (url.pathname === '/lumina-idp.css') send(response, 200, 'text/css', STYLESHEET);
  else if (url.pathname === '/lumina-logout.js') send(response, 200, 'text/javascript', LOGOUT_SCRIPT);
  else if (url.pathname === '/v2/logout') redirectToLogout(url, response);
  else if (url.pathname === '/dev/token' && request.method === 'POST') await issueDevToken(site, request, response);
  else if (url.pathname.startsWith('/interaction/')) await interact(site, request, response);
  else await site.provider.callback()(request, response);
}

/** A name that resolves to this machine from a hostile page must not reach the provider. */
function hasLocalHost(request: IncomingMessage): boolean {
  const name = (request.headers.host ?? '').replace(/:\d+$/, '');
  return name === '127.0.0.1' || name === 'localhost' || name === '[::1]';
}

function listen(server: Server, config: IdpConfig): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(config.port, config.host, () => {
      resolve((server.address() as AddressInfo).port);
    });
  });
}

/** Starts the provider and answers when it listens. */
export async function startIdp(config: IdpConfig): Promise<RunningIdp> {
  const ring = await loadKeyRing(config.dataDir);
  let site: Site | undefined;
  const server = createServer((request, response) => {
    if (site === undefined || !hasLocalHost(request)) {
      sendJson(response, 421, { code: 'misdirected', detail: 'Ask by http://127.0.0.1 or http://localhost.' });
      return;
    }
    answer(site, request, response).catch((error: unknown) => {
      const detail = error instanceof Error ? error.message : String(error);
      if (response.headersSent) response.destroy();
      else sendJson(response, 400, { code: 'invalid_request', detail });
    });
  });
  const port = await listen(server, config);
  const issuer = config.issuer ?? `http://127.0.0.1:${String(port)}/`;
  const { pageOrigins, accessTokenSeconds } = config;
  site = {
    issuer,
    accessTokenSeconds,
    ring,
    provider: createProvider({ issuer, ring, pageOrigins, accessTokenSeconds }),
  };
  return {
    issuer,
    port,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => {
          if (error === undefined) resolve();
          else reject(error);
        });
        server.closeAllConnections();
      }),
  };
}
