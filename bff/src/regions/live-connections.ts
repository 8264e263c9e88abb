import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { GOODBYE_MS, retryAfterShutdownMs } from '../http/ending.ts';

/** Live connections that pass through the distributor. */
export interface LiveConnections {
  readonly addStream: (upstream: IncomingMessage, response: ServerResponse) => void;
  readonly addSocket: (socket: Duplex) => void;
  /** Ends them all, each with a goodbye where one can be said. */
  readonly drain: () => void;
}

/** Where one stream stands: a goodbye may only follow a whole event. */
interface PassingStream {
  readonly upstream: IncomingMessage;
  readonly response: ServerResponse;
  isBetweenEvents: boolean;
  lastId: string;
}

const EVENT_STREAM = 'text/event-stream';
const END_OF_EVENT = '\n\n';
const ID_FIELD = 'id: ';

function watch(stream: PassingStream, chunk: Buffer): void {
  stream.isBetweenEvents = chunk.subarray(-END_OF_EVENT.length).toString('latin1') === END_OF_EVENT;
  const isFirst = chunk.subarray(0, ID_FIELD.length).toString('latin1') === ID_FIELD;
  const before = chunk.lastIndexOf(`\n${ID_FIELD}`);
  if (before === -1 && !isFirst) return;
  const from = before === -1 ? ID_FIELD.length : before + ID_FIELD.length + 1;
  const to = chunk.indexOf('\n', from);
  if (to !== -1) stream.lastId = chunk.subarray(from, to).toString('latin1');
}

function sayGoodbye({ upstream, response, isBetweenEvents, lastId }: PassingStream): void {
  upstream.unpipe(response);
  if (isBetweenEvents) {
    const frame = { event: 'bye', id: lastId, reason: 'shutdown', retryMs: retryAfterShutdownMs() };
    response.write(`event: bye\ndata: ${JSON.stringify(frame)}${END_OF_EVENT}`);
    response.end();
  }
  const timer = setTimeout(() => response.destroy(), isBetweenEvents ? GOODBYE_MS : 0);
  response.once('close', () => {
    clearTimeout(timer);
  });
}

/** None yet. */
export function createLiveConnections(): LiveConnections {
  const streams = new Set<PassingStream>();
  const sockets = new Set<Duplex>();
  return {
    addStream: (upstream, response) => {
      if (!(upstream.headers['content-type'] ?? '').startsWith(EVENT_STREAM)) return;
      const stream: PassingStream = { upstream, response, isBetweenEvents: false, lastId: '' };
      streams.add(stream);
      upstream.on('data', (chunk: Buffer) => {
        watch(stream, chunk);
      });
      response.once('close', () => streams.delete(stream));
    },
    addSocket: (socket) => {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
    },
    drain: () => {
      for (const stream of streams) sayGoodbye(stream);
      for (const socket of sockets) socket.destroy();
    },
  };
}
