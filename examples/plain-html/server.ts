// Serves the two pages, and an API that the sdk's own fake answers, so that there are numbers without anything else
// running: `npm run dev -w examples/plain-html`.
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { FakeBff } from '@lumina/sdk/testing';
import express from 'express';
import type { Express, Request, Response as Reply } from 'express';

const HERE = fileURLToPath(new URL('.', import.meta.url));
/** Where npm put the packages: those of a workspace stand in the folder of the repository. */
const PACKAGES = fileURLToPath(new URL('../', import.meta.resolve('lit')));
const PORT = 8090;

/** Hands a request to the fake and passes its answer on as it comes, live frames included. */
async function answer(bff: FakeBff, request: Request, reply: Reply): Promise<void> {
  const aborted = new AbortController();
  reply.on('close', () => {
    aborted.abort();
  });
  const { status, headers, body } = await bff.fetch(`http://fake.example${request.originalUrl}`, {
    method: request.method,
    headers: { authorization: request.get('authorization') ?? '' },
    signal: aborted.signal,
    ...(typeof request.body === 'string' && request.body !== '' ? { body: request.body } : {}),
  });
  reply.status(status);
  headers.forEach((value, name) => {
    reply.setHeader(name, value);
  });
  reply.flushHeaders();
  if (body === null) {
    reply.end();
    return;
  }
  try {
    await pipeline(Readable.fromWeb(body as ReadableStream), reply);
  } catch (error) {
    // The page that listened is gone.
    if (!aborted.signal.aborted) throw error;
  }
}

function appOf(bff: FakeBff): Express {
  const app = express();
  app.disable('x-powered-by');
  // The strictest policy there is: scripts, styles and connections of this origin only, nothing inline. The page with
  // the import map names its hash itself, in a policy of its own.
  app.get('/iife.html', (_request, reply, next) => {
    reply.setHeader('Content-Security-Policy', "default-src 'self'");
    next();
  });
  app.get('/token', (_request, reply) => {
    reply.type('text/plain').send('a-token-of-the-example');
  });
  app.use('/api', express.text({ type: '*/*', limit: '1mb' }), (request, reply) => answer(bff, request, reply));
  app.use('/node_modules', express.static(PACKAGES));
  app.use('/public', express.static(`${HERE}public`));
  app.get('/', (_request, reply) => {
    reply.redirect('/iife.html');
  });
  for (const page of ['iife.html', 'esm.html']) {
    app.get(`/${page}`, (_request, reply) => {
      reply.sendFile(`${HERE}${page}`);
    });
  }
  return app;
}

/** Starts the server on a port of the local interface; 0 takes a free one. */
export async function serve(port: number, bff = new FakeBff()): Promise<{ server: Server; url: string }> {
  const server = appOf(bff).listen(port, '127.0.0.1');
  await new Promise((resolve, reject) => {
    server.once('listening', resolve).once('error', reject);
  });
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { url } = await serve(PORT);
  process.stdout.write(`One script:          ${url}/iife.html\nModules, import map: ${url}/esm.html\n`);
}
