import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { PROBLEMS, type ProblemCode } from '@lumina/contracts';

const RETRY_AFTER_S = 1;
/** What a refused sender may still send, so that it gets to read the answer. */
const LINGER_BYTES = 16_000_000;
const LINGER_MS = 2000;

/** A refusal of a whole request. */
export class CollectorProblem extends Error {
  readonly status: number;
  readonly code: ProblemCode;
  readonly retryAfterS: number;

  constructor(status: number, code: ProblemCode, detail: string, retryAfterS = RETRY_AFTER_S) {
    super(detail);
    this.retryAfterS = retryAfterS;
    this.name = 'CollectorProblem';
    this.status = status;
    this.code = code;
  }
}

const requestIds = new WeakMap<IncomingMessage, string>();

/** Id of a request, in its answer and in the log. */
export function requestIdOf(request: IncomingMessage): string {
  let id = requestIds.get(request);
  if (id === undefined) {
    id = randomUUID();
    requestIds.set(request, id);
  }
  return id;
}

function hasUnreadBody({ headers, complete }: IncomingMessage): boolean {
  return !complete && (headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0);
}

/** Reads what a refused sender still sends, to nowhere and not for ever: a connection closed before would take the answer with it. */
function linger(request: IncomingMessage, response: ServerResponse): void {
  let bytes = 0;
  const finish = (): void => {
    clearTimeout(timer);
    request.pause();
    response.end();
  };
  const timer = setTimeout(finish, LINGER_MS);
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > LINGER_BYTES) finish();
  });
  request.once('end', finish);
  request.once('close', finish);
  request.resume();
}

/** Answers with an RFC 9457 problem. The rest of a body that was not read is not worth its reading: the connection ends. */
export function sendProblem(
  request: IncomingMessage,
  response: ServerResponse,
  { status, code, message, retryAfterS }: CollectorProblem,
): void {
  if (response.headersSent || response.destroyed) return;
  const text = JSON.stringify({
    type: `urn:lumina:problem:${code}`,
    title: PROBLEMS[code].title,
    status,
    detail: message,
    code,
    requestId: requestIdOf(request),
  });
  response.statusCode = status;
  response.setHeader('content-type', 'application/problem+json');
  response.setHeader('content-length', Buffer.byteLength(text));
  if (status === 429 || status === 503) response.setHeader('retry-after', String(retryAfterS));
  if (status === 401) response.setHeader('www-authenticate', 'Bearer');
  if (!hasUnreadBody(request)) {
    response.end(text);
    return;
  }
  response.setHeader('connection', 'close');
  // Whoever waits for leave to send the body has sent none yet.
  if (request.headers.expect !== undefined) {
    response.end(text);
    return;
  }
  response.write(text);
  linger(request, response);
}
