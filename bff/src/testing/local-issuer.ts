import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SignJWT, exportJWK, generateKeyPair } from 'jose';
import type { CryptoKey, JWK, JWTPayload } from 'jose';
import { LOCAL_AUDIENCE, permissionsOf } from '@lumina/contracts';

interface TokenHeader {
  readonly typ?: string;
  readonly alg?: string;
  readonly kid?: string;
}

/** An identity provider for tests: signs what it is told and publishes its keys. */
export interface LocalIssuer {
  readonly issuer: string;
  readonly jwksUrl: string;
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
  /** A token of a user; `claims` are added to or replace the usual ones. */
  readonly sign: (claims?: Readonly<Record<string, unknown>>, header?: TokenHeader) => Promise<string>;
  /** How often the key set was asked for. */
  readonly keyRequests: () => number;
  /** Publishes exactly these of the keys that were ever made, by id; `sign` goes on with the first. */
  readonly publish: (...keyIds: readonly string[]) => void;
  /** Makes a key; it is not published by that. */
  readonly makeKey: (keyId: string) => Promise<void>;
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
  const published = async (key: CryptoKey, kid: string): Promise<JWK> => ({
    ...(await exportJWK(key)),
    kid,
    alg: 'RS256',
    use: 'sig',
  });
  const made = new Map([[KEY_ID, { signing: privateKey, jwk: await published(publicKey, KEY_ID) }]]);
  let current: readonly string[] = [KEY_ID];
  let asked = 0;
  const server = createServer((_request, response) => {
    asked += 1;
    const keys = current.flatMap((keyId) => made.get(keyId)?.jwk ?? []);
    response.setHeader('Content-Type', 'application/json').end(JSON.stringify({ keys }));
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
        iat: Math.floor(Date.now() / 1000),
        exp: Math.floor(Date.now() / 1000) + 600,
        ...claims,
      })
        .setProtectedHeader({ kid: current[0] ?? KEY_ID, alg: 'RS256', typ: 'at+jwt', ...header })
        .sign(made.get(header.kid ?? current[0] ?? KEY_ID)?.signing ?? privateKey),
    keyRequests: () => asked,
    publish: (...keyIds) => {
      current = keyIds;
    },
    makeKey: async (keyId) => {
      const pair = await generateKeyPair('RS256', { extractable: true });
      made.set(keyId, { signing: pair.privateKey, jwk: await published(pair.publicKey, keyId) });
    },
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
