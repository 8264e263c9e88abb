import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';

/** Verifies a message as the documentation tells receivers to. */
export type IsFromLumina = (secret: string, header: string, body: string | Buffer, nowSeconds?: number) => boolean;

/** The code of docs/alerts.md itself, so that what it tells is what works. */
export async function documentedReceiver(): Promise<IsFromLumina> {
  const text = await readFile(new URL('../../../../../docs/alerts.md', import.meta.url), 'utf8');
  const code = /```js\n([\s\S]*?)```/.exec(text)?.[1];
  assert.ok(code !== undefined, 'docs/alerts.md shows how to verify a message');
  const { isFromLumina } = (await import(`data:text/javascript,${encodeURIComponent(code)}`)) as {
    isFromLumina: IsFromLumina;
  };
  return isFromLumina;
}
