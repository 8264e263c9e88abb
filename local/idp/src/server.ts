import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { LOCAL_AUDIENCE } from '@lumina/contracts';
import { SignJWT, importJWK } from 'jose';
import type Provider from 'oidc-provider';
import { Accounts } from './accounts.ts';
import type { IdpConfig } from './config.ts';
import { bodyOf, send, sendJson } from './http.ts';
import { loadKeyRing } from './keys.ts';
import type { KeyRing } from './keys.ts';
import { manage } from './management.ts';
import { LOGOUT_SCRIPT, STYLESHEET, errorPage, loginPage, noticePage, passwordPage } from './pages.ts';
import { STANDALONE_CLIENT_ID, createProvider } from './provider.ts';
import { accessClaimsOf } from './users.ts';

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
  readonly accounts: Accounts;
  readonly isManaged: boolean;
}

/** Enough for an account of this machine. */
const MIN_PASSWORD_LENGTH = 6;

async function interact(site: Site, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { uid, params } = await site.provider.interactionDetails(request, response);
  const hint = typeof params['login_hint'] === 'string' ? params['login_hint'] : '';
  if (request.method !== 'POST') {
    send(response, 200, 'text/html', loginPage(uid, hint, false));
    return;
  }
  const form = new URLSearchParams(await bodyOf(request));
  const email = form.get('email') ?? '';
  const user = await site.accounts.logIn(email, form.get('password') ?? '');
  if (user === undefined) {
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

/** Where an invited person chooses a password; the ticket is good for one. */
async function resetPassword(site: Site, url: URL, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const ticket = url.searchParams.get('ticket') ?? '';
  const user = site.accounts.ofTicket(ticket);
  if (user === undefined) {
    send(response, 410, 'text/html', errorPage('ticket_used', 'This link has been used, or is too old.'));
    return;
  }
  const password = request.method === 'POST' ? (new URLSearchParams(await bodyOf(request)).get('password') ?? '') : '';
  if (password.length < MIN_PASSWORD_LENGTH) {
    send(response, request.method === 'POST' ? 400 : 200, 'text/html', passwordPage(url.search, user.email));
    return;
  }
  await site.accounts.setPassword(ticket, password);
  send(response, 200, 'text/html', noticePage('The password is set', 'Go to Lumina and log in with it.'));
}

/** A token without a browser, for commands on this machine. Pages are refused: they name their origin. */
async function issueDevToken(site: Site, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.headers.origin !== undefined || request.headers['content-type'] !== 'application/json') {
    sendJson(response, 403, { code: 'forbidden', detail: 'Post JSON from a command, not from a page.' });
    return;
  }
  const asked: unknown = JSON.parse(await bodyOf(request));
  const email = typeof asked === 'object' && asked !== null && 'email' in asked ? asked.email : undefined;
  const user = typeof email === 'string' ? site.accounts.byEmail(email) : undefined;
  if (user === undefined || site.accounts.isBlocked(user.sub)) {
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
  else if (url.pathname === '/lo/reset') await resetPassword(site, url, request, response);
  else if (site.isManaged && (await manage(site, request, response, url.pathname))) return;
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
  const accounts = await Accounts.load(config.dataDir);
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
  const { pageOrigins, accessTokenSeconds, managementSecret } = config;
  const management = managementSecret === undefined ? {} : { managementSecret };
  site = {
    issuer,
    accessTokenSeconds,
    ring,
    accounts,
    isManaged: managementSecret !== undefined,
    provider: createProvider({ issuer, ring, pageOrigins, accessTokenSeconds, accounts, ...management }),
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
