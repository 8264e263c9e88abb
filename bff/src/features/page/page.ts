import { join } from 'node:path';
import { Router, static as serveStatic } from 'express';
import type { Response } from 'express';

/** Where the page lies and what it is told. */
export interface PageOptions {
  readonly directory: string;
  readonly config: Readonly<Record<string, unknown>>;
}

function setCaching(response: Response, path: string): void {
  // Built assets carry a hash in their name; everything else must be asked for again after a release.
  const isHashed = /[/\\]assets[/\\]/.test(path);
  response.setHeader('Cache-Control', isHashed ? 'public, max-age=31536000, immutable' : 'no-cache');
}

/** Serves the standalone page: its files, its public settings, and index.html for every path a person may reload. */
export function createPageRouter({ directory, config }: PageOptions): Router {
  const router = Router();
  router.get('/config.json', (_request, response) => {
    response.set('Cache-Control', 'no-store').json(config);
  });
  router.use(serveStatic(directory, { setHeaders: setCaching, dotfiles: 'ignore' }));
  router.get('/{*path}', (request, response, next) => {
    const isFile = /\.[a-z0-9]+$/i.test(request.path);
    if (isFile || request.accepts('html') === false || /^\/(api|internal)(\/|$)/.test(request.path)) {
      next();
      return;
    }
    response.set('Cache-Control', 'no-cache').sendFile(join(directory, 'index.html'), (error: unknown) => {
      if (error !== undefined && error !== null) next();
    });
  });
  return router;
}
