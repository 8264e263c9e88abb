// Stands for a region: answers every request at once with a reply of ordinary size, and streams frames of 1 KB to
// whoever asks for them live.
import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';

const POINTS = 60;
const REPLY = JSON.stringify({
  data: [
    { ref: 'A', metric: 'call_count', group: {}, points: Array.from({ length: POINTS }, (_, i) => [i * 60_000, i]) },
  ],
  aggregations: [{ ref: 'A', metric: 'call_count', group: {}, value: 1770, num: 1770, den: 1 }],
  errors: [],
});
const FRAME_BYTES = 1_024;
const FRAME_MS = 1_000;

const viewers = new Set<ServerResponse>();
let sequence = 0;

setInterval(() => {
  sequence += 1;
  const head = `id: p-${String(sequence)}-m\nevent: delta\ndata: `;
  const frame = Buffer.from(`${head}${JSON.stringify({ fill: 'x'.repeat(FRAME_BYTES - head.length - 14) })}\n\n`);
  for (const viewer of viewers) viewer.write(frame);
}, FRAME_MS);

const server = createServer((request, response) => {
  request.resume();
  request.once('end', () => {
    if (request.url === '/api/live') {
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
      response.write(': \n\n');
      viewers.add(response);
      response.once('close', () => viewers.delete(response));
      return;
    }
    response.writeHead(200, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' });
    response.end(REPLY);
  });
});
server.keepAliveTimeout = 60_000;
server.listen(Number(process.env['PORT']), '127.0.0.1');
process.once('SIGTERM', () => process.exit(0));
