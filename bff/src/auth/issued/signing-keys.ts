import { createHash, createPrivateKey, createPublicKey, generateKeyPair, sign, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { JWK } from 'jose';
import type { RegionId } from '@lumina/contracts';
import { publishedKeyOf } from './token-keys.ts';
import type { PublishedKey } from './token-keys.ts';

/** The keys of one region: the first signs, all are published. */
export interface SigningKeys {
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly published: readonly PublishedKey[];
}

/** Where keys come from: a setting, or a file that is made when it is first needed. */
export type SigningKeySource =
  { readonly kind: 'set'; readonly keys: readonly JWK[] } | { readonly kind: 'file'; readonly directory: string };

const FILE_NAME = 'token-signing-keys.json';
const OWNER_ONLY = 0o600;
const MODULUS_BITS = 2_048;
const KID_LENGTH = 22;
const makeKeyPair = promisify(generateKeyPair);

const PROBE = Buffer.from('probe');

/** Whether what a key signs is confirmed by what is published of it. */
function isPair(privateKey: KeyObject, { kty, n, e }: PublishedKey): boolean {
  const publicKey = createPublicKey({ key: { kty, n, e }, format: 'jwk' });
  return verify('sha256', PROBE, publicKey, sign('sha256', PROBE, privateKey));
}

function usablePrivateKey(jwk: JWK, published: PublishedKey): KeyObject {
  try {
    const privateKey = createPrivateKey({ key: { ...jwk }, format: 'jwk' });
    if (isPair(privateKey, published)) return privateKey;
  } catch (error) {
    throw new TypeError('key 1 is no usable private key', { cause: error });
  }
  throw new TypeError('key 1 does not fit to its public half');
}

/**
 * Reads keys of which the first signs; of the others, which are still published, the public half is enough. Throws with
 * what is wrong, never with a key.
 */
export function signingKeysOf(keys: readonly JWK[], regionId: RegionId): SigningKeys {
  const prefix = `r${String(regionId)}-`;
  const published = keys.map((jwk, index) => {
    const key = publishedKeyOf(jwk, regionId);
    if (key === undefined) {
      throw new TypeError(
        `key ${String(index + 1)} must be an RSA key of 2048 bits or more with a kid that begins with ${prefix}`,
      );
    }
    return key;
  });
  const [first] = keys;
  const [newest] = published;
  if (first === undefined || newest === undefined) throw new TypeError('there must be at least one key');
  if (new Set(published.map(({ kid }) => kid)).size !== published.length)
    throw new TypeError('each key must have a kid of its own');
  return { kid: newest.kid, privateKey: usablePrivateKey(first, newest), published };
}

/** Reads a JSON Web Key Set of private keys, as a setting or a file holds it. */
export function parseKeySet(text: string): readonly JWK[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw new TypeError('it must be a JSON Web Key Set {"keys": […]}', { cause: error });
  }
  const keys = (parsed as { keys?: unknown } | null)?.keys;
  if (!Array.isArray(keys)) throw new TypeError('it must be a JSON Web Key Set {"keys": […]}');
  return keys as readonly JWK[];
}

async function newKey(regionId: RegionId): Promise<JWK> {
  const { privateKey } = await makeKeyPair('rsa', { modulusLength: MODULUS_BITS });
  const jwk = privateKey.export({ format: 'jwk' }) as JWK;
  const thumbprint = createHash('sha256').update(JSON.stringify({ e: jwk.e, kty: jwk.kty, n: jwk.n }));
  return { ...jwk, kid: `r${String(regionId)}-${thumbprint.digest('base64url').slice(0, KID_LENGTH)}` };
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

/** Keys in the folder of the embedded store, which one process at a time holds the lock of. */
async function keysInFolder(directory: string, regionId: RegionId): Promise<readonly JWK[]> {
  const path = join(directory, FILE_NAME);
  try {
    return parseKeySet(await readFile(path, 'utf8'));
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
  const keys = [await newKey(regionId)];
  await mkdir(directory, { recursive: true });
  await writeFile(path, JSON.stringify({ keys }), { flag: 'wx', mode: OWNER_ONLY });
  return keys;
}

/** Keys that are read, or made, when they are first needed: a process that issues no token never waits for them. */
export function openSigningKeys(source: SigningKeySource, regionId: RegionId): () => Promise<SigningKeys> {
  let opened: Promise<SigningKeys> | undefined;
  async function open(): Promise<SigningKeys> {
    const keys = source.kind === 'set' ? source.keys : await keysInFolder(source.directory, regionId);
    return signingKeysOf(keys, regionId);
  }
  return () => {
    opened ??= open().catch((error: unknown) => {
      opened = undefined;
      throw error;
    });
    return opened;
  };
}
