import type { LiveFrame } from '@lumina/contracts';
import type { HttpClient } from '../http-client.ts';
import { errorFromThrown } from '../lumina-error.ts';
import type { TimerManager } from '../managers.ts';
import { parseFrame } from './live-frame.ts';
import { bodyOf, endOfError, endedConnection, unusable } from './sse-transport.ts';
import type { StreamEvents, LiveStream, LiveEnd, LiveOpening, LiveTransport } from './transport.ts';

/** Makes a WebSocket; replaceable for tests and for hosts that bring their own. */
export type OpenSocket = (url: string) => WebSocket;

/** The platform's WebSocket; undefined where there is none. */
export const platformSocket: OpenSocket | undefined =
  typeof WebSocket === 'undefined' ? undefined : (url) => new WebSocket(url);

/** The same frames over a WebSocket, opened with a one-time ticket, since browsers send no token with one. */
export class WebSocketTransport implements LiveTransport {
  readonly name = 'websocket';
  readonly #http: HttpClient;
  readonly #timers: TimerManager;
  readonly #openSocket: OpenSocket | undefined;

  constructor(http: HttpClient, timers: TimerManager, openSocket: OpenSocket | undefined) {
    this.#http = http;
    this.#timers = timers;
    this.#openSocket = openSocket;
  }

  /** Asks for a ticket and opens a socket with it. */
  open(opening: LiveOpening, events: StreamEvents): LiveStream {
    const abort = new AbortController();
    const end = (how: LiveEnd): void => {
      if (abort.signal.aborted) return;
      abort.abort();
      events.onEnd(how);
    };
    const openSocket = this.#openSocket;
    if (openSocket === undefined) {
      queueMicrotask(() => {
        end(unusable('This environment has no WebSocket.'));
      });
    } else {
      void this.#ticketUrl(abort.signal).then(
        (url) => {
          if (!abort.signal.aborted) this.#talk(openSocket(url), opening, { events, end, signal: abort.signal });
        },
        (error: unknown) => {
          end(endOfError(errorFromThrown(error, false)));
        },
      );
    }
    return {
      close: () => {
        abort.abort();
      },
    };
  }

  async #ticketUrl(signal: AbortSignal): Promise<string> {
    const reply = await this.#http.request({ method: 'POST', path: 'api/live/ticket', signal });
    const ticket = typeof reply === 'object' && reply !== null && 'ticket' in reply ? String(reply.ticket) : '';
    const url = this.#http.url('api/live/ws');
    url.protocol = url.protocol === 'http:' ? 'ws:' : 'wss:';
    url.searchParams.set('ticket', ticket);
    return url.href;
  }

  #talk(
    socket: WebSocket,
    opening: LiveOpening,
    { events, end, signal }: { events: StreamEvents; end: (how: LiveEnd) => void; signal: AbortSignal },
  ): void {
    let isOpen = false;
    let frames: LiveFrame[] = [];
    const flush = (): void => {
      const arrived = frames;
      frames = [];
      if (!signal.aborted) events.onFrames(arrived);
    };
    signal.addEventListener('abort', () => {
      socket.close();
    });
    socket.addEventListener('open', () => {
      if (signal.aborted) return;
      isOpen = true;
      socket.send(JSON.stringify(bodyOf(opening)));
      events.onOpen();
    });
    socket.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
      if (signal.aborted) return;
      events.onActivity();
      const frame = parseFrame(String(data));
      if (frame === undefined) return;
      frames.push(frame);
      // Messages come one by one; those of one moment are told together.
      if (frames.length === 1) this.#timers.after(0, flush);
    });
    socket.addEventListener('close', () => {
      if (frames.length > 0) flush();
      // The ticket came, so the service is there: a socket that does not open is blocked on the way.
      end(isOpen ? endedConnection() : unusable('The WebSocket does not open.'));
    });
  }
}
