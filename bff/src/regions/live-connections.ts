import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { GOODBYE_MS, retryAfterShutdownMs } from '../http/ending.ts';

/** Live connections that pass through the distributor. */
export interface LiveConnections {
  /** Passes an answer on if it is an event stream; says whether it is. */
  readonly passStream: (upstream: IncomingMessage, response: ServerResponse) => boolean;
  readonly addSocket: (socket: Duplex) => void;
  /** Ends them all, each with a goodbye where one can be said. */
  readonly drain: () => void;
}

const EVENT_STREAM = 'text/event-stream';
const END_OF_EVENT = '\n\n';
const ID_FIELD = 'id: ';

/** One stream on its way, with no more than that takes. */
class PassingStream {
  readonly #upstream: IncomingMessage;
  readonly #response: ServerResponse;
  /** A goodbye may only follow a whole event. */
  #isBetweenEvents = false;
  #lastId = '';
  #isEnding = false;

  constructor(upstream: IncomingMessage, response: ServerResponse) {
    this.#upstream = upstream;
    this.#response = response;
    const end = (): void => {
      this.#end();
    };
    upstream.on('data', (chunk: Buffer) => {
      this.#pass(chunk);
    });
    upstream.once('error', end).once('close', end);
    response.on('drain', () => upstream.resume());
    // Whoever asked knows at once that the stream has begun, whenever its first event comes.
    response.flushHeaders();
  }

  #pass(chunk: Buffer): void {
    if (this.#isEnding) return;
    this.#watch(chunk);
    if (!this.#response.write(chunk)) this.#upstream.pause();
  }

  #watch(chunk: Buffer): void {
    this.#isBetweenEvents = chunk.subarray(-END_OF_EVENT.length).toString('latin1') === END_OF_EVENT;
    const isFirst = chunk.subarray(0, ID_FIELD.length).toString('latin1') === ID_FIELD;
    const before = chunk.lastIndexOf(`\n${ID_FIELD}`);
    if (before === -1 && !isFirst) return;
    const from = before === -1 ? ID_FIELD.length : before + ID_FIELD.length + 1;
    const to = chunk.indexOf('\n', from);
    if (to !== -1) this.#lastId = chunk.subarray(from, to).toString('latin1');
  }

  /** The region has ended it, or is gone: a stream that broke must not look as if it had ended. */
  #end(): void {
    if (this.#isEnding) return;
    if (this.#upstream.complete) this.#response.end();
    else this.#response.destroy();
  }

  sayGoodbye(): void {
    const response = this.#response;
    this.#isEnding = true;
    this.#upstream.destroy();
    if (this.#isBetweenEvents) {
      const frame = { event: 'bye', id: this.#lastId, reason: 'shutdown', retryMs: retryAfterShutdownMs() };
      response.write(`event: bye\ndata: ${JSON.stringify(frame)}${END_OF_EVENT}`);
      response.end();
    }
    const timer = setTimeout(() => response.destroy(), this.#isBetweenEvents ? GOODBYE_MS : 0);
    response.once('close', () => {
      clearTimeout(timer);
    });
  }
}

/** None yet. */
export function createLiveConnections(): LiveConnections {
  const streams = new Set<PassingStream>();
  const sockets = new Set<Duplex>();
  return {
    passStream: (upstream, response) => {
      if (!(upstream.headers['content-type'] ?? '').startsWith(EVENT_STREAM)) return false;
      const stream = new PassingStream(upstream, response);
      streams.add(stream);
      response.once('close', () => streams.delete(stream));
      return true;
    },
    addSocket: (socket) => {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
    },
    drain: () => {
      for (const stream of streams) stream.sayGoodbye();
      for (const socket of sockets) socket.destroy();
    },
  };
}
