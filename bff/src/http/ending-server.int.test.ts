import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Agent, createServer, request as httpRequest } from 'node:http';
import type { IncomingMessage, Server } from 'node:http';
import { afterEach, beforeEach, it } from 'node:test';
import { listenLocally } from '../testing/http-server.ts';
import { watchConnections } from './ending-server.ts';
import type { EndingServer } from './ending-server.ts';

/** More than the buffers of a connection take. */
const LONG = Buffer.alloc(32 * 1_048_576, 'x');

let server: Server;
let ending: EndingServer;
let url: string;
let agent: Agent;
let asked: PromiseWithResolvers<() => void>;

beforeEach(async () => {
  agent = new Agent({ keepAlive: true, maxSockets: 1 });
  asked = Promise.withResolvers();
  server = createServer((request, response) => {
    if (request.url === '/long') response.end(LONG);
    else if (request.url === '/held') asked.resolve(() => response.end('held'));
    else response.end('short');
  });
  ending = watchConnections(server);
  ({ url } = await listenLocally(server));
});
afterEach(() => {
  agent.destroy();
  server.closeAllConnections();
});

async function ask(path: string): Promise<IncomingMessage> {
  const outgoing = httpRequest(`${url}${path}`, { agent });
  outgoing.end();
  const [answer] = (await once(outgoing, 'response')) as [IncomingMessage];
  return answer;
}

async function bytesOf(answer: IncomingMessage): Promise<number> {
  let bytes = 0;
  for await (const chunk of answer) bytes += (chunk as Buffer).length;
  return bytes;
}

function end(): Promise<undefined> {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  ending.end(() => {
    resolve(undefined);
  });
  return promise;
}

it('what a slow reader has yet to take is not cut', async () => {
  const answer = await ask('/long');
  const ended = end();
  assert.equal(await bytesOf(answer), LONG.length);
  assert.ok(answer.complete);
  await ended;
});

it('what is under way is answered, and its connection closed after it', async () => {
  const outgoing = httpRequest(`${url}/held`, { agent });
  outgoing.end();
  const answer = await asked.promise;
  const ended = end();
  answer();
  const [reply] = (await once(outgoing, 'response')) as [IncomingMessage];
  assert.equal(reply.headers.connection, 'close');
  assert.equal(await bytesOf(reply), 'held'.length);
  await ended;
});

it('what has nothing to say is closed at once', async () => {
  await bytesOf(await ask('/short'));
  await end();
});
