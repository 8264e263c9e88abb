import type { GetToken } from '@lumina/sdk';
import type { PageConfig } from './page-config.ts';

/** A signed-in person and how to act for them. */
export interface SignedIn {
  readonly userName: string;
  readonly getToken: GetToken;
  /** Leaves for the identity provider and comes back to where the reader is now. */
  readonly signInAgain: () => Promise<void>;
  readonly logOut: () => Promise<void>;
}

/** The identity provider refused, with its own code and words. */
export class SignInError extends Error {
  /** Code of the provider, e.g. `access_denied`. */
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** The identity provider knows this one address of the page; where the reader was comes back in the state. */
function homeUrl(): string {
  return `${location.origin}/`;
}

function currentPath(): string {
  return `${location.pathname}${location.search}`;
}

/** A path of this page; anything else that a state may hold leads home. */
function safePath(path: string | undefined): string {
  return path !== undefined && /^\/(?!\/)/u.test(path) ? path : '/';
}

function asSignInError(error: unknown): SignInError {
  if (error instanceof SignInError) return error;
  const code = typeof error === 'object' && error !== null && 'error' in error ? String(error.error) : 'sign_in_failed';
  return new SignInError(code, error instanceof Error ? error.message : 'Signing in failed.');
}

/**
 * Signs in by redirect. Resolves only when somebody is signed in: while the browser leaves for the identity provider
 * it stays pending. The library is as heavy as the charts and is loaded here only.
 */
export async function signIn(config: PageConfig): Promise<SignedIn> {
  const { createAuth0Client } = await import('@auth0/auth0-spa-js');
  try {
    const auth0 = await createAuth0Client({
      domain: config.auth0Domain,
      clientId: config.auth0ClientId,
      authorizationParams: { audience: config.auth0Audience, redirect_uri: homeUrl() },
      cacheLocation: 'memory',
      useRefreshTokens: true,
      useRefreshTokensFallback: true,
    });
    const query = new URLSearchParams(location.search);
    if (query.has('state') && (query.has('code') || query.has('error'))) {
      const { appState } = await auth0.handleRedirectCallback<{ path?: string }>();
      history.replaceState(null, '', safePath(appState?.path));
    }
    if (!(await auth0.isAuthenticated())) {
      await auth0.loginWithRedirect({ appState: { path: currentPath() } });
      return await new Promise<never>(() => undefined);
    }
    const user = await auth0.getUser();
    return {
      userName: user?.name ?? user?.email ?? user?.sub ?? '',
      getToken: async ({ reason }) => {
        const token = await auth0.getTokenSilently(reason === 'initial' ? {} : { cacheMode: 'off' });
        if (token === undefined) throw new SignInError('login_required', 'The session has ended. Sign in again.');
        return token;
      },
      signInAgain: () => auth0.loginWithRedirect({ appState: { path: currentPath() } }),
      logOut: () => auth0.logout({ logoutParams: { returnTo: homeUrl() } }),
    };
  } catch (error) {
    throw asSignInError(error);
  }
}
