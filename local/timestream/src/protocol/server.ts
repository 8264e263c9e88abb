import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { ServiceError } from '../errors.ts';
import { stringifyJson } from './json.ts';
import { readBody, readRequest } from './request.ts';
import type { ApiRequest } from './request.ts';

/** Answers one call with the body of its reply. */
export type Dispatch = (request: ApiRequest) => Promise<unknown>;

// Longer than any client keeps an idle connection, so that the client closes first and never meets a dead socket.
const KEEP_ALIVE_TIMEOUT_MS = 120_000;

/** An answer outside the protocol, or undefined for a call of the service. */
export type Pages = (
  method: string,
  path: string,
  body: () => Promise<string>,
) => Promise<{ status: number; contentType: string; text: string } | undefined>;

/** Thrown by a dispatch whose answer is to be lost: the connection breaks instead. */
export class LostAcknowledgement extends Error {}

/** What the HTTP server is made from. */
export type ApiServerParts = { dispatch: Dispatch; pages: Pages; report: (error: unknown) => void };

/** HTTP server of the awsJson1_0 protocol, and of the pages beside it. */
export function createApiServer(parts: ApiServerParts): Server {
  const server = createServer((message, response) => {
    void answer(parts, message, response);
  });
  server.keepAliveTimeout = KEEP_ALIVE_TIMEOUT_MS;
  server.headersTimeout = KEEP_ALIVE_TIMEOUT_MS + 1000;
  return server;
}

async function answer(
  { dispatch, pages, report }: ApiServerParts,
  message: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    const path = (message.url ?? '/').split('?')[0] ?? '/';
    const page = await pages(message.method ?? 'GET', path, () => readBody(message));
    if (page === undefined) send(response, 200, await dispatch(await readRequest(message, signalOf(response))));
    else response.writeHead(page.status, { 'content-type': page.contentType }).end(page.text);
  } catch (error) {
    if (error instanceof LostAcknowledgement) {
      message.socket.destroy();
      return;
    }
    if (error instanceof ServiceError) {
      send(response, error.status, {
        __type: error.code,
        message: error.message,
        Message: error.message,
        ...error.fields,
      });
      return;
    }
    report(error);
    send(response, 500, { __type: 'InternalServerException', message: 'The server failed; see its log.' });
  }
}

/** Aborts when the caller hangs up before the answer. */
function signalOf(response: ServerResponse): AbortSignal {
  const gone = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) gone.abort();
  });
  return gone.signal;
}

function send(response: ServerResponse, status: number, body: unknown): void {
  const text = stringifyJson(body);
  response.writeHead(status, {
    'content-type': 'application/x-amz-json-1.0',
    'content-length': Buffer.byteLength(text),
    'x-amzn-requestid': randomUUID(),
  });
  response.end(text);
}
