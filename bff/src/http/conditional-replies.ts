import { createHash } from 'node:crypto';
import type { RequestHandler, Response } from 'express';

const DIGEST_LENGTH = 27;

/** Weak, since a proxy may send the same reply compressed. */
function weakTagOf(body: string): string {
  return `W/"${createHash('sha1').update(body).digest('base64url').slice(0, DIGEST_LENGTH)}"`;
}

/** What may be kept if it is asked for again each time; numbers of metrics and secrets are `no-store`. */
function mayBeKept(response: Response): boolean {
  const control = String(response.getHeader('Cache-Control') ?? '');
  return response.statusCode === 200 && control.includes('no-cache') && !control.includes('no-store');
}

/**
 * Answers 304 where the caller already has what a GET would send: replies marked `no-cache` get an ETag of their content
 * unless they bring one. What is kept belongs to one token and one named territory.
 */
export const answerConditionally: RequestHandler = (request, response, next) => {
  for (const name of ['Authorization', 'X-Territory-Id', 'X-Region-Id']) response.vary(name);
  if (request.method === 'GET' || request.method === 'HEAD') {
    const send = response.send.bind(response);
    response.send = (body: unknown) => {
      if (typeof body === 'string' && mayBeKept(response) && response.getHeader('ETag') === undefined)
        response.setHeader('ETag', weakTagOf(body));
      return send(body);
    };
  }
  next();
};
