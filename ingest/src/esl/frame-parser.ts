import { EslError } from './esl-error.ts';

/** One frame of the event socket: headers, and a body when they announce one. */
export interface EslFrame {
  /** `Content-Type`; empty when the frame names none. */
  readonly type: string;
  /** By lower-case name; the first of two equal names counts. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Buffer;
}

/** How large the parts of a frame may be before it is taken for garbage. */
export interface FrameLimits {
  readonly headerBytes: number;
  readonly bodyBytes: number;
}

/** Real headers are some hundred bytes; the longest bodies list every channel of a large switch. */
export const FRAME_LIMITS: FrameLimits = { headerBytes: 16_384, bodyBytes: 67_108_864 };

const NEWLINE = 0x0a;
const RETURN = 0x0d;
const NAME = /^[A-Za-z][A-Za-z0-9_-]*$/;
const EMPTY = Buffer.alloc(0);

function isLineEnd(byte: number | undefined): boolean {
  return byte === NEWLINE || byte === RETURN;
}

/** Index after the blank line that ends the headers; -1 while it has not come. */
function headerEnd(bytes: Buffer, start: number): number {
  for (let at = bytes.indexOf(NEWLINE, start); at !== -1; at = bytes.indexOf(NEWLINE, at + 1)) {
    if (bytes[at + 1] === NEWLINE) return at + 2;
    if (bytes[at + 1] === RETURN && bytes[at + 2] === NEWLINE) return at + 3;
  }
  return -1;
}

function parseHeaders(text: string): Map<string, string> {
  const headers = new Map<string, string>();
  for (const line of text.split('\n')) {
    const bare = line.endsWith('\r') ? line.slice(0, -1) : line;
    if (bare === '') continue;
    const colon = bare.indexOf(':');
    const name = bare.slice(0, Math.max(0, colon));
    if (!NAME.test(name)) {
      throw new EslError('esl_garbage', 'The switch sent a line that is no header; the connection is begun anew.');
    }
    const key = name.toLowerCase();
    if (!headers.has(key)) headers.set(key, bare.slice(colon + 1).trim());
  }
  return headers;
}

function bodyLength(headers: ReadonlyMap<string, string>, limit: number): number {
  const text = headers.get('content-length');
  if (text === undefined) return 0;
  if (!/^\d{1,12}$/.test(text))
    throw new EslError('esl_garbage', 'The switch sent a Content-Length that is no number.');
  const length = Number(text);
  if (length > limit) {
    throw new EslError(
      'esl_too_large',
      `The switch announced a body of ${text} bytes; at most ${String(limit)} are read.`,
    );
  }
  return length;
}

/** Cuts a stream of bytes into frames, wherever TCP cut it. Lengths are bytes, never characters. */
export class FrameParser {
  private readonly limits: FrameLimits;
  private chunks: Buffer[] = [];
  private pendingBytes = 0;
  /** Fewer bytes than these cannot complete the frame at hand: large bodies are joined once, not per chunk. */
  private neededBytes = 1;

  constructor(limits: FrameLimits = FRAME_LIMITS) {
    this.limits = limits;
  }

  /** Takes the next bytes; returns the frames they complete. Throws {@link EslError} on what is no event socket. */
  push(chunk: Buffer): EslFrame[] {
    this.chunks.push(chunk);
    this.pendingBytes += chunk.length;
    if (this.pendingBytes < this.neededBytes) return [];
    const bytes = this.chunks.length === 1 ? chunk : Buffer.concat(this.chunks);
    const frames: EslFrame[] = [];
    let start = 0;
    for (;;) {
      while (isLineEnd(bytes[start])) start += 1;
      const frame = this.frameAt(bytes, start);
      if (frame === undefined) break;
      frames.push(frame.frame);
      start = frame.end;
    }
    this.keep(bytes, start);
    return frames;
  }

  private frameAt(bytes: Buffer, start: number): { frame: EslFrame; end: number } | undefined {
    const end = headerEnd(bytes, start);
    if ((end === -1 ? bytes.length : end) - start > this.limits.headerBytes) {
      throw new EslError('esl_too_large', 'The switch sent headers without end; the connection is begun anew.');
    }
    if (end === -1) {
      this.neededBytes = 1;
      return undefined;
    }
    const headers = parseHeaders(bytes.toString('utf8', start, end));
    const length = bodyLength(headers, this.limits.bodyBytes);
    if (bytes.length < end + length) {
      this.neededBytes = end + length - start;
      return undefined;
    }
    this.neededBytes = 1;
    const body = length === 0 ? EMPTY : bytes.subarray(end, end + length);
    return { frame: { type: headers.get('content-type') ?? '', headers, body }, end: end + length };
  }

  private keep(bytes: Buffer, start: number): void {
    const rest = bytes.subarray(start);
    // A copy, so that a short rest does not hold the memory of a long chunk.
    this.chunks = rest.length === 0 ? [] : [Buffer.from(rest)];
    this.pendingBytes = rest.length;
  }
}
