import { request as httpRequest } from 'node:http';
import type { Agent, ClientRequest, IncomingMessage, RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Request, Response } from 'express';
import { armTimer, attemptOf, failOnce } from './attempt.ts';
import type { LiveConnections } from './live-connections.ts';

/** How requests reach a region without a general proxy in between. */
export interface PassageOptions {
  readonly origin: string;
  readonly agent: Agent;
  /** How long the region may take to begin its answer. */
  readonly timeoutMs: number;
  /** How long it may pause within its answer; absent where it may for ever. */
  readonly idleMs?: number;
  readonly connections: LiveConnections;
  /** Told of an answer before any of it is copied; it cleans the headers. */
  readonly onAnswer: (request: Request, answer: IncomingMessage) => void;
}

/** Sends a request on and its answer back; `body`, where it is known already, is sent in place of the request's own. */
export type Passage = (request: Request, response: Response, body?: Buffer) => void;

function copyHead(answer: IncomingMessage, response: Response): void {
  response.statusCode = answer.statusCode ?? 502;
  for (const [name, value] of Object.entries(answer.headers)) if (value !== undefined) response.setHeader(name, value);
}

/** What breaks in the middle breaks for the caller too: an end would make half an answer look whole. */
function copyBody(answer: IncomingMessage, response: Response): void {
  const cut = (): void => {
    if (!answer.complete) response.destroy();
  };
  answer.once('error', cut).once('close', cut);
  answer.pipe(response);
}

/**
 * Passes requests whose body is known or whose answer lasts: both are many, and a general proxy keeps several times as
 * much for each of them.
 */
export function createPassage(options: PassageOptions): Passage {
  const { agent, timeoutMs, idleMs, connections, onAnswer } = options;
  const { protocol, hostname, port, host } = new URL(options.origin);
  const send: (options: RequestOptions) => ClientRequest = protocol === 'https:' ? httpsRequest : httpRequest;

  return (request, response, body) => {
    const { method, originalUrl: path } = request;
    const headers = { ...request.headers, host };
    if (body !== undefined) headers['content-length'] = String(body.length);
    const outgoing = send({ hostname, port, method, path, headers, agent });
    armTimer(outgoing, request, timeoutMs);
    if (idleMs !== undefined) outgoing.setTimeout(idleMs, () => outgoing.destroy());
    outgoing.once('response', (answer) => {
      onAnswer(request, answer);
      copyHead(answer, response);
      if (!connections.passStream(answer, response)) copyBody(answer, response);
    });
    outgoing.on('error', (error) => {
      attemptOf(request).isOnReusedSocket = outgoing.reusedSocket;
      if (response.headersSent) response.destroy();
      failOnce(request, error);
    });
    attemptOf(request).cancel = (): void => {
      // After the whole answer the connection may serve someone else already.
      if (!response.writableFinished) outgoing.destroy();
    };
    if (body === undefined) request.pipe(outgoing);
    else outgoing.end(body);
  };
}
