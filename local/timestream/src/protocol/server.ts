import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { ServiceError } from '../errors.ts';
import { stringifyJson } from './json.ts';
import { readRequest } from './request.ts';
import type { ApiRequest } from './request.ts';

/** Answers one call with the body of its reply. */
export type Dispatch = (request: ApiRequest) => Promise<unknown>;

// Longer than any client keeps an idle connection, so that the client closes first and never meets a dead socket.
const KEEP_ALIVE_TIMEOUT_MS = 120_000;

/** HTTP server of the awsJson1_0 protocol; any GET answers 200, for readiness checks. */
export function createApiServer(dispatch: Dispatch, report: (error: unknown) => void): Server {
  const server = createServer((message, response) => {
    void answer(dispatch, report, message, response);
  });
  server.keepAliveTimeout = KEEP_ALIVE_TIMEOUT_MS;
  server.headersTimeout = KEEP_ALIVE_TIMEOUT_MS + 1000;
  return server;
}

async function answer(
  dispatch: Dispatch,
  report: (error: unknown) => void,
  message: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (message.method === 'GET' || message.method === 'HEAD') {
    send(response, 200, { status: 'ready' });
    return;
  }
  try {
    send(response, 200, await dispatch(await readRequest(message)));
  } catch (error) {
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

function send(response: ServerResponse, status: number, body: unknown): void {
  const text = stringifyJson(body);
  response.writeHead(status, {
    'content-type': 'application/x-amz-json-1.0',
    'content-length': Buffer.byteLength(text),
    'x-amzn-requestid': randomUUID(),
  });
  response.end(text);
}
