import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { exportJWK, generateKeyPair } from 'jose';
import type { JWK } from 'jose';

/** What must survive a restart for tokens and cookies to stay valid. */
export interface KeyRing {
  /** The private RS256 key. */
  readonly signing: JWK;
  readonly cookieSecret: string;
}

async function newKeyRing(): Promise<KeyRing> {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  const jwk = await exportJWK(privateKey);
  const kid = randomBytes(8).toString('hex');
  return { signing: { ...jwk, kid, alg: 'RS256', use: 'sig' }, cookieSecret: randomBytes(32).toString('base64url') };
}

const isMissing = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOENT';

/** The keys kept in a folder; made at the first start, readable by their owner alone. */
export async function loadKeyRing(dataDir: string): Promise<KeyRing> {
  const file = join(dataDir, 'keys.json');
  try {
    return JSON.parse(await readFile(file, 'utf8')) as KeyRing;
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
  await mkdir(dataDir, { recursive: true });
  const ring = await newKeyRing();
  // Renamed into place, so that a crash never leaves half a key behind.
  await writeFile(`${file}.new`, JSON.stringify(ring), { mode: 0o600 });
  await rename(`${file}.new`, file);
  return ring;
}
