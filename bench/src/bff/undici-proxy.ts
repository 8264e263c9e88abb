// The peer: the least that can be called a proxy, on the fastest client there is for Node.
import { createServer } from 'node:http';
import { Pool } from 'undici';

const pool = new Pool(process.env['UPSTREAM'] ?? '', { connections: 64 });

const server = createServer((request, response) => {
  if (request.url === '/healthz') {
    response.end();
    return;
  }
  const { host: _host, connection: _connection, ...headers } = request.headers;
  const hasBody = request.method !== 'GET' && request.method !== 'HEAD';
  const options = {
    path: request.url ?? '/',
    method: request.method ?? 'GET',
    headers,
    body: hasBody ? request : null,
  };
  pool
    .stream(options, ({ statusCode, headers: replied }) => {
      response.writeHead(statusCode, replied as Record<string, string | string[]>);
      return response;
    })
    .catch(() => response.destroy());
});
server.keepAliveTimeout = 60_000;
server.listen(Number(process.env['PORT']), '127.0.0.1');
process.once('SIGTERM', () => process.exit(0));
