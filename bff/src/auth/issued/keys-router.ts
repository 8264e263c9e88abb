import { Router } from 'express';
import { KEYS_PATH } from './token-keys.ts';
import type { PublishedKey } from './token-keys.ts';

/** `GET /.well-known/lumina-embed.json`: the public keys of the tokens that this service issues, open to everyone. */
export function createKeysRouter(published: () => Promise<readonly PublishedKey[]>): Router {
  const router = Router();
  router.get(KEYS_PATH, async (_request, response) => {
    response.set('Cache-Control', 'public, max-age=60').json({ keys: await published() });
  });
  return router;
}
