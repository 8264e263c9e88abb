import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SignJWT, exportJWK, generateKeyPair } from 'jose';
import type { CryptoKey, JWTPayload } from 'jose';
import { LOCAL_AUDIENCE, permissionsOf } from '@lumina/contracts';

/** An identity provider for tests: signs what it is told and publishes its keys. */
export interface LocalIssuer {
  readonly issuer: string;
  readonly jwksUrl: string;
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
  /** A token of a user; `claims` are added to or replace the usual ones. */
  readonly sign: (claims?: JWTPayload, header?: { readonly typ?: string; readonly alg?: string }) => Promise<string>;
  readonly close: () => void;
}

/** Claims of a viewer of territory 101 in region 1. */
export function viewerClaims(): JWTPayload {
  return {
    sub: 'auth0|viewer',
    territory_id: 101,
    region_id: 1,
    roles: ['viewer'],
    permissions: permissionsOf(['viewer']),
  };
}

const KEY_ID = 'test-key';

/** Starts one on a free port. */
export async function startLocalIssuer(): Promise<LocalIssuer> {
  const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
  const jwk = { ...(await exportJWK(publicKey)), kid: KEY_ID, alg: 'RS256', use: 'sig' };
  const server = createServer((_request, response) => {
    response.setHeader('Content-Type', 'application/json').end(JSON.stringify({ keys: [jwk] }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/`;
  return {
    issuer,
    jwksUrl: `${issuer}.well-known/jwks.json`,
    privateKey,
    publicKey,
    sign: (claims = {}, header = {}) =>
      new SignJWT({
        ...viewerClaims(),
        iss: issuer,
        aud: LOCAL_AUDIENCE,
        exp: Math.floor(Date.now() / 1000) + 600,
        ...claims,
      })
        .setProtectedHeader({ kid: KEY_ID, alg: 'RS256', typ: 'at+jwt', ...header })
        .sign(privateKey),
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
