import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

/** The built preview, served as the real page is. */
export interface PageServer {
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** What the API sends with the page; an issuer elsewhere stands for the identity provider. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "style-src-attr 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "manifest-src 'self'",
  "connect-src 'self' https://idp.example",
  'frame-src https://idp.example',
  "worker-src 'self' blob:",
  "form-action 'self' https://idp.example",
  "base-uri 'self'",
  "object-src 'none'",
  "frame-ancestors 'none'",
].join(';');

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

async function answer(directory: string, path: string, response: ServerResponse): Promise<void> {
  // A path without a file type is a page, and every page is the same document.
  const file = extname(path) === '' ? '/index.html' : normalize(path);
  try {
    const body = await readFile(join(directory, file));
    response.writeHead(200, {
      'content-type': TYPES[extname(file)] ?? 'application/octet-stream',
      'content-security-policy': CONTENT_SECURITY_POLICY,
    });
    response.end(body);
  } catch {
    response.writeHead(404).end();
  }
}

/** Builds the preview into a folder of its own and serves it under the policy of the real page. */
export async function startPageServer(): Promise<PageServer> {
  const directory = await mkdtemp(join(tmpdir(), 'lumina-page-'));
  await build({
    configFile: fileURLToPath(new URL('../preview/vite.config.ts', import.meta.url)),
    logLevel: 'error',
    build: { outDir: directory },
  });
  const server = createServer((request, response) => {
    void answer(directory, new URL(request.url ?? '/', 'http://page').pathname, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${String(port)}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) =>
        server.close(() => {
          resolve();
        }),
      );
      await rm(directory, { recursive: true });
    },
  };
}
