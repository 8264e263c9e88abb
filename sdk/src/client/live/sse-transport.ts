import { createParser } from 'eventsource-parser';
import type { LiveFrame } from '@lumina/contracts';
import type { HttpClient } from '../http-client.ts';
import { LuminaError, errorFromThrown } from '../lumina-error.ts';
import { parseFrame } from './live-frame.ts';
import type { StreamEvents, LiveStream, LiveEnd, LiveOpening, LiveTransport } from './transport.ts';

/** Statuses of a service, or of something in front of it, that has no event stream here. */
const NO_STREAM: ReadonlySet<number | undefined> = new Set([400, 404, 405, 406, 413, 415, 422, 501]);
/** No frame is as large; a stream that sends more without an end is broken. */
const MAX_BUFFER_CHARS = 32 * 1024 * 1024;

/** How an error of opening a connection is to be taken. */
export function endOfError(error: LuminaError): LiveEnd {
  if (error.status === undefined && error.code !== 'AUTH_REQUIRED') return { kind: 'lost', error };
  return { kind: NO_STREAM.has(error.status) ? 'unusable' : 'refused', error };
}

/** Why a transport cannot be used. */
export function unusable(message: string): LiveEnd {
  const suggestion = 'Let POST /api/live through unbuffered; until then the page polls.';
  return { kind: 'unusable', error: new LuminaError({ code: 'INTERNAL', retryable: true, message, suggestion }) };
}

/** A connection that ended without a word. */
export function endedConnection(): LiveEnd {
  return { kind: 'lost', error: errorFromThrown(new Error('The live connection ended.'), false) };
}

/** Server-sent events over `fetch`: the same address, authorisation and routing as every other request. */
export class SseTransport implements LiveTransport {
  readonly name = 'sse';
  readonly #http: HttpClient;
  readonly #dashboardOf: () => string | undefined;

  /** `dashboardOf` tells for which dashboard a connection is opened, where it is for one. */
  constructor(http: HttpClient, dashboardOf: () => string | undefined = () => undefined) {
    this.#http = http;
    this.#dashboardOf = dashboardOf;
  }

  /** Opens a stream. */
  open(opening: LiveOpening, events: StreamEvents): LiveStream {
    const abort = new AbortController();
    void this.#run(opening, events, abort.signal).then((end) => {
      if (abort.signal.aborted) return;
      abort.abort();
      events.onEnd(end);
    });
    return {
      close: () => {
        abort.abort();
      },
    };
  }

  async #run(opening: LiveOpening, events: StreamEvents, signal: AbortSignal): Promise<LiveEnd> {
    let reply: Response;
    try {
      reply = await this.#http.stream({
        method: 'POST',
        path: 'api/live',
        body: bodyOf(opening),
        dashboardId: this.#dashboardOf(),
        signal,
      });
    } catch (error) {
      return endOfError(errorFromThrown(error, false));
    }
    const type = reply.headers.get('content-type') ?? '';
    if (!type.toLowerCase().startsWith('text/event-stream')) return unusable('POST /api/live answers no event stream.');
    if (reply.body === null) return unusable('This environment cannot read a reply while it arrives.');
    if (signal.aborted) return endedConnection();
    events.onOpen();
    try {
      await readFrames(reply.body, events, signal);
      return endedConnection();
    } catch (error) {
      return { kind: 'lost', error: errorFromThrown(error, false) };
    }
  }
}

/** The body of the request, or the first message. */
export function bodyOf({ requests, resume }: LiveOpening): object {
  return { requests, ...(resume === undefined ? {} : { resume }) };
}

async function readFrames(body: ReadableStream<Uint8Array>, events: StreamEvents, signal: AbortSignal): Promise<void> {
  let frames: LiveFrame[] = [];
  const parser = createParser({
    maxBufferSize: MAX_BUFFER_CHARS,
    onEvent: ({ data }) => {
      const frame = parseFrame(data);
      if (frame !== undefined) frames.push(frame);
    },
  });
  const reader = body.getReader();
  const decoder = new TextDecoder();
  for (;;) {
    const { done, value } = await reader.read();
    if (done || signal.aborted) return;
    // A character may be cut by the edge of a chunk; the decoder keeps its beginning.
    parser.feed(decoder.decode(value, { stream: true }));
    events.onActivity();
    if (frames.length === 0) continue;
    const arrived = frames;
    frames = [];
    events.onFrames(arrived);
  }
}
