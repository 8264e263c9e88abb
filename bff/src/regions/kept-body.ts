import type { Request } from 'express';
import { HttpProblem } from '../http/problem.ts';

/** As much as a region takes of nearly any request. */
export const MAX_BODY_BYTES = 262_144;
/** As much as a region takes of a bulk change of the directory. */
const MAX_DIRECTORY_BYTES = 4_194_304;
/** Read as the regions read it. */
const DIRECTORY_PATH = /^\/api\/directory\//i;
const METHODS_WITH_BODY = new Set(['POST', 'PUT', 'PATCH']);

function tooLarge(maxBytes: number): HttpProblem {
  return new HttpProblem('payload_too_large', `Send a body of at most ${String(maxBytes)} bytes.`, {
    // Nobody reads what is still on its way.
    headers: { Connection: 'close' },
  });
}

/** Whether a request is a bulk change, whose body is too long to be held here. */
export function isBulkChange({ method, path }: Request): boolean {
  return method === 'PUT' && DIRECTORY_PATH.test(path);
}

/** How long the body of a request may be. */
export function maxBodyBytes(request: Request): number {
  return isBulkChange(request) ? MAX_DIRECTORY_BYTES : MAX_BODY_BYTES;
}

/** Whether a request brings a body whose length only its end tells. */
export function isChunked(request: Request): boolean {
  return request.headers['transfer-encoding'] !== undefined;
}

/** The length that a request says its body has. */
export function declaredBytes(request: Request): number {
  return Number(request.headers['content-length'] ?? 0);
}

/**
 * Refuses a body that is too large before anything of it is sent on, and one where none belongs: bodies are forwarded only
 * where Node frames them anew; elsewhere an unframed one could pass as a second request.
 */
export function assertBodyIsAllowed(request: Request): void {
  const maxBytes = maxBodyBytes(request);
  if ((isChunked(request) || declaredBytes(request) > 0) && !METHODS_WITH_BODY.has(request.method)) {
    throw new HttpProblem('invalid_request', `${request.method} takes no body.`, { status: 400 });
  }
  if (declaredBytes(request) > maxBytes) throw tooLarge(maxBytes);
}

/**
 * Reads the whole body as it came. One that turns out to be too large is refused at once; parsers of bodies would first
 * wait for its end.
 */
export function keepBody(request: Request, maxBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const take = (chunk: Buffer): void => {
      bytes += chunk.length;
      if (bytes <= maxBytes) {
        chunks.push(chunk);
        return;
      }
      request.off('data', take).pause();
      reject(tooLarge(maxBytes));
    };
    request.on('data', take).once('end', () => {
      resolve(Buffer.concat(chunks));
    });
    request.once('close', () => {
      reject(new HttpProblem('invalid_request', 'The request ended before its body did.', { status: 400 }));
    });
  });
}

/** Watches a body that is passed on as it comes, where nothing says how long it will be; told once when it is too long. */
export function watchLength(request: Request, maxBytes: number, onTooLarge: (problem: HttpProblem) => void): void {
  let bytes = 0;
  const count = (chunk: Buffer): void => {
    bytes += chunk.length;
    if (bytes <= maxBytes) return;
    request.off('data', count).unpipe();
    request.pause();
    onTooLarge(tooLarge(maxBytes));
  };
  request.on('data', count);
}
