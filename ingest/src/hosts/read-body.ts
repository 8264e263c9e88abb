import type { IncomingMessage, ServerResponse } from 'node:http';
import { createGunzip, type Gunzip } from 'node:zlib';

import type { BudgetShare } from './byte-budget.ts';
import { CollectorProblem } from './collector-problem.ts';

/** Bounds of one body. */
export interface BodyLimits {
  /** Most bytes, as sent and unpacked. */
  readonly limitBytes: number;
  /** From the end of the headers to the end of the body. */
  readonly timeoutMs: number;
}

/** Each chunk is a turn of the thread pool: the default of 16 KB makes a large body wait for hundreds. */
const UNPACKED_CHUNK_BYTES = 65_536;
const TOO_MUCH_IN_WORK = 'Too much is in work; send it again later.';

function tooLarge({ limitBytes }: BodyLimits): CollectorProblem {
  const limit = limitBytes.toLocaleString('en');
  return new CollectorProblem(413, 'payload_too_large', `A body may have at most ${limit} bytes, unpacked; send less.`);
}

function unreadable(detail: string): CollectorProblem {
  return new CollectorProblem(400, 'invalid_request', detail);
}

function createUnpacker({ headers }: IncomingMessage): Gunzip | undefined {
  const encoding = (headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  if (encoding === 'identity') return undefined;
  if (encoding === 'gzip' || encoding === 'x-gzip') return createGunzip({ chunkSize: UNPACKED_CHUNK_BYTES });
  throw unreadable('The content encoding is unknown; send the body plain or packed with gzip, once.');
}

/** One body on its way into memory. */
class BodyReader {
  private readonly request: IncomingMessage;
  private readonly share: BudgetShare;
  private readonly limits: BodyLimits;
  private readonly unpacker: Gunzip | undefined;
  private readonly chunks: Buffer[] = [];
  private sentBytes = 0;
  private bytes = 0;

  constructor(request: IncomingMessage, share: BudgetShare, limits: BodyLimits) {
    this.request = request;
    this.share = share;
    this.limits = limits;
    this.unpacker = createUnpacker(request);
    const declared = Number(request.headers['content-length'] ?? 0);
    if (declared > limits.limitBytes) throw tooLarge(limits);
    if (!share.fits(declared)) throw new CollectorProblem(429, 'rate_limited', TOO_MUCH_IN_WORK);
  }

  read(): Promise<Buffer> {
    const { request, unpacker } = this;
    const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
    const attempt =
      <T extends unknown[]>(step: (...args: T) => void) =>
      (...args: T): void => {
        try {
          step(...args);
        } catch (error) {
          reject(error);
        }
      };
    const finish = attempt(() => {
      resolve(this.whole());
    });
    const onData = attempt((chunk: Buffer) => {
      this.takeSent(chunk);
    });
    const onEnd = (): void => {
      if (unpacker === undefined) finish();
      else unpacker.end();
    };
    const onClose = (): void => {
      if (!request.complete) reject(unreadable('The body ended before it was complete.'));
    };
    const timer = setTimeout(() => {
      reject(new CollectorProblem(408, 'invalid_request', 'The body did not arrive in time; send it at once.'));
    }, this.limits.timeoutMs);
    unpacker?.on('data', attempt(this.takeUnpacked.bind(this))).on('end', finish);
    unpacker?.on('error', () => {
      reject(unreadable('The body is not what gzip makes; send it plain or packed with gzip.'));
    });
    request.on('data', onData).on('end', onEnd).on('close', onClose).on('error', onClose);
    return promise.finally(() => {
      clearTimeout(timer);
      request.off('data', onData).off('end', onEnd).off('close', onClose);
      unpacker?.destroy();
    });
  }

  private takeSent(chunk: Buffer): void {
    this.sentBytes += chunk.length;
    if (this.sentBytes > this.limits.limitBytes) throw tooLarge(this.limits);
    if (this.unpacker === undefined) {
      this.takeUnpacked(chunk);
      return;
    }
    this.charge(chunk);
    if (this.unpacker.write(chunk)) return;
    this.request.pause();
    this.unpacker.once('drain', () => this.request.resume());
  }

  private takeUnpacked(chunk: Buffer): void {
    this.bytes += chunk.length;
    if (this.bytes > this.limits.limitBytes) throw tooLarge(this.limits);
    this.charge(chunk);
    this.chunks.push(chunk);
  }

  private charge(chunk: Buffer): void {
    if (!this.share.take(chunk.length)) throw new CollectorProblem(429, 'rate_limited', TOO_MUCH_IN_WORK);
  }

  private whole(): Buffer {
    // Bytes behind the end of the last packed part are skipped silently by zlib: nobody would miss what stood there.
    if (this.unpacker !== undefined && this.unpacker.bytesWritten !== this.sentBytes)
      throw unreadable('Behind the packed body stand bytes that gzip did not make.');
    return Buffer.concat(this.chunks);
  }
}

/**
 * Reads a body, plain or packed, never more of it than its limits and its share of the budget allow. Rejects with a
 * {@link CollectorProblem}: 400, 408, 413 or 429. A sender that asks first is told to go on only when it would be read.
 */
export function readBody(
  request: IncomingMessage,
  response: ServerResponse,
  share: BudgetShare,
  limits: BodyLimits,
): Promise<Buffer> {
  const reader = new BodyReader(request, share, limits);
  if (request.headers.expect !== undefined) response.writeContinue();
  return reader.read();
}
