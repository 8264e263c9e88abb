import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { LOCAL_AUDIENCE, permissionsOf } from '@lumina/contracts';

/** Publishes a key and signs tokens of viewers with it. */
export interface BenchIssuer {
  readonly env: Readonly<Record<string, string>>;
  tokenOf: (viewer: number) => Promise<string>;
  close: () => void;
}

const KEY_ID = 'bench';
const LIFETIME_S = 3_600;

/** Starts an issuer on a free port. */
export async function startIssuer(): Promise<BenchIssuer> {
  const { privateKey, publicKey } = await generateKeyPair('RS256');
  const jwk = { ...(await exportJWK(publicKey)), kid: KEY_ID, alg: 'RS256', use: 'sig' };
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys: [jwk] }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/`;
  return {
    env: { AUTH_ISSUER: issuer, AUTH_AUDIENCE: LOCAL_AUDIENCE },
    tokenOf: (viewer) =>
      new SignJWT({
        sub: `auth0|viewer-${String(viewer)}`,
        territory_id: 101,
        region_id: 1,
        roles: ['viewer'],
        permissions: permissionsOf(['viewer']),
        iss: issuer,
        aud: LOCAL_AUDIENCE,
        exp: Math.floor(Date.now() / 1000) + LIFETIME_S,
      })
        .setProtectedHeader({ alg: 'RS256', kid: KEY_ID, typ: 'at+jwt' })
        .sign(privateKey),
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
