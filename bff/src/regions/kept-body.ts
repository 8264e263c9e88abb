import type { Request } from 'express';
import { HttpProblem } from '../http/problem.ts';

const METHODS_WITH_BODY = new Set(['POST', 'PUT', 'PATCH']);

function tooLarge(maxBytes: number): HttpProblem {
  return new HttpProblem('payload_too_large', `Send a body of at most ${String(maxBytes)} bytes.`, {
    // Nobody reads what is still on its way.
    headers: { Connection: 'close' },
  });
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
export function assertBodyIsAllowed(request: Request, maxBytes: number): void {
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
