// A region as a process of its own, so that it can be killed: answers in pieces and never comes to the end of them.
import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';

const PIECES = 40;
const PIECE_MS = 20;
const POINTS = JSON.stringify(Array.from({ length: 500 }, (_, index) => [index * 60_000, index]));

/** Writes pieces one after the other, so that the process can die between two of them. */
function writeSlowly(response: ServerResponse, pieces: readonly string[]): void {
  const [first, ...rest] = pieces;
  if (first === undefined) {
    response.end();
    return;
  }
  response.write(first);
  setTimeout(() => {
    writeSlowly(response, rest);
  }, PIECE_MS);
}

const server = createServer((request, response) => {
  request.resume();
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://region');
  if (pathname === '/api/live') {
    response.setHeader('Content-Type', 'text/event-stream');
    const frames = Array.from(
      { length: PIECES },
      (_, index) =>
        `id: e-${String(index + 1)}-a\nevent: delta\ndata: {"event":"delta","id":"e-${String(index + 1)}-a"}\n\n`,
    );
    writeSlowly(response, frames);
    return;
  }
  if (!pathname.startsWith('/api/')) {
    response.writeHead(404).end();
    return;
  }
  const pieces = ['{"data":[', ...Array.from({ length: PIECES }, () => `${POINTS},`), '0]}'];
  response.setHeader('Content-Type', 'application/json');
  if (searchParams.has('length')) response.setHeader('Content-Length', Buffer.byteLength(pieces.join('')));
  writeSlowly(response, pieces);
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address !== null && typeof address === 'object') process.send?.(address.port);
});
process.once('disconnect', () => process.exit(0));
