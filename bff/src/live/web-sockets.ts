import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';
import type { ByeReason } from '@lumina/contracts';
import type { Identity } from '../auth/identity.ts';
import { GOODBYE_MS, endingProblem } from '../http/ending.ts';
import { assertPlain } from '../http/odd-text.ts';
import { toProblem } from '../http/problem-handler.ts';
import { HttpProblem } from '../http/problem.ts';
import { endWithProblem } from '../http/raw-problem.ts';
import type { Clock } from './clock.ts';
import type { LiveHub } from './hub.ts';
import { parseLiveRequest, toFrameProblem } from './live-request.ts';
import type { Sink } from './stream.ts';
import type { Tickets } from './tickets.ts';

/** WebSockets of a process. */
export interface LiveSockets {
  readonly upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
  /** Ends what has not become a stream yet, and lets no further one connect. */
  readonly drain: () => void;
}

const MAX_MESSAGE_BYTES = 256 * 1024;
/** How long a client may take to say what it asks. */
const FIRST_MESSAGE_MS = 10_000;
const POLICY_VIOLATION = 1008;
const TRY_AGAIN_LATER = 1013;
const SERVICE_RESTART = 1012;
const CLOSE_CODES: Readonly<Record<ByeReason, number>> = {
  expired: POLICY_VIOLATION,
  revoked: POLICY_VIOLATION,
  slow: TRY_AGAIN_LATER,
  shutdown: SERVICE_RESTART,
};

function closeSoon(socket: WebSocket, code: number): void {
  const timer = setTimeout(() => {
    socket.terminate();
  }, GOODBYE_MS);
  socket.once('close', () => {
    clearTimeout(timer);
  });
  socket.close(code);
}

function sinkOf(socket: WebSocket): Sink {
  let isAlive = true;
  socket.on('pong', () => {
    isAlive = true;
  });
  return {
    wire: 'message',
    write: (bytes) => {
      if (socket.readyState === socket.OPEN) socket.send(bytes, { binary: false });
    },
    heartbeat: () => {
      if (!isAlive) socket.terminate();
      isAlive = false;
      if (socket.readyState === socket.OPEN) socket.ping();
    },
    // Pages see no pings, and there is no message that says nothing.
    showLife: () => undefined,
    pendingBytes: () => socket.bufferedAmount,
    end: (reason) => {
      closeSoon(socket, CLOSE_CODES[reason]);
    },
  };
}

/** The JSON of a message; throws `invalid_request`. */
function bodyOf(message: Buffer, isBinary: boolean): unknown {
  try {
    if (!isBinary) {
      const body: unknown = JSON.parse(message.toString());
      assertPlain(body);
      return body;
    }
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new HttpProblem('invalid_request', 'The first message must be the JSON of a live request.');
}

function refuse(socket: WebSocket, problem: HttpProblem): void {
  socket.send(JSON.stringify({ event: 'problem', id: '0', problem: toFrameProblem(problem) }));
  closeSoon(socket, problem.isRetriable ? TRY_AGAIN_LATER : POLICY_VIOLATION);
}

function openStream(hub: LiveHub, identity: Identity, socket: WebSocket, body: unknown): void {
  const { subscriptions, resume } = parseLiveRequest(body);
  const stream = hub.open(identity, subscriptions);
  socket.once('close', () => {
    stream.close();
  });
  stream.start(sinkOf(socket), resume);
}

/** Live connections over WebSockets: the same frames as the event stream, opened with a one-time ticket. */
export function createLiveSockets(hub: LiveHub, tickets: Tickets, clock: Clock): LiveSockets {
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    maxPayload: MAX_MESSAGE_BYTES,
    // Compression costs every viewer memory and time, for frames that are written once for all.
    perMessageDeflate: false,
  });
  const silent = new Set<WebSocket>();
  let isDraining = false;

  function converse(socket: WebSocket, identity: Identity): void {
    silent.add(socket);
    const cancelWait = clock.after(FIRST_MESSAGE_MS, () => {
      refuse(socket, new HttpProblem('invalid_request', 'Say what to watch: send a live request as first message.'));
    });
    const forget = (): void => {
      cancelWait();
      silent.delete(socket);
    };
    // Whatever broke the connection, its close follows, and that is where it is let go of.
    socket.on('error', forget);
    socket.once('close', forget);
    socket.once('message', (message: Buffer, isBinary) => {
      forget();
      try {
        openStream(hub, identity, socket, bodyOf(message, isBinary));
      } catch (error) {
        refuse(socket, toProblem(error));
      }
    });
  }

  return {
    upgrade: (request, socket, head) => {
      const ticket = new URLSearchParams(request.url?.split('?')[1]).get('ticket');
      if (isDraining) {
        endWithProblem(socket, endingProblem());
        return;
      }
      const identity = tickets.take(ticket ?? '');
      if (identity === undefined) {
        const detail = 'The ticket is unknown, used or late; get another one from POST /api/live/ticket.';
        endWithProblem(socket, new HttpProblem('unauthenticated', detail));
        return;
      }
      server.handleUpgrade(request, socket, head, (webSocket) => {
        converse(webSocket, identity);
      });
    },
    drain: () => {
      isDraining = true;
      for (const socket of silent) closeSoon(socket, SERVICE_RESTART);
    },
  };
}
