import type { Server, ServerResponse } from 'node:http';
import { Server as NetServer } from 'node:net';
import type { Socket } from 'node:net';

/** A connection, as far as its end depends on it. */
interface Connection {
  readonly answers: Set<ServerResponse>;
  /** What had been read when its last answer was on its way; more is the beginning of another request. */
  readBytes: number | undefined;
}

/** How a server stops listening without cutting anything. */
export interface EndingServer {
  /**
   * Takes no new connection, answers what is under way and what still comes on open ones, and closes each as soon as it has
   * nothing to say; told when the last has gone.
   */
  readonly end: (onEnded: () => void) => void;
}

/**
 * Watches the connections of a server from its beginning. The server's own `close` goes by whether an answer was ended, not
 * by whether it has left, and so cuts what a slow reader has yet to take; and it lets connections that are never idle live
 * on, to be cut in the middle later.
 */
export function watchConnections(server: Server): EndingServer {
  const connections = new Map<Socket, Connection>();
  let isEnding = false;

  server.on('connection', (socket: Socket) => {
    connections.set(socket, { answers: new Set(), readBytes: undefined });
    socket.once('close', () => connections.delete(socket));
  });
  // Before the application: it may answer at once.
  server.prependListener('request', ({ socket }, response) => {
    const connection = connections.get(socket);
    if (connection === undefined) return;
    connection.answers.add(response);
    if (isEnding) response.shouldKeepAlive = false;
    response.once('close', () => {
      connection.answers.delete(response);
      connection.readBytes = socket.bytesRead;
      if (isEnding && connection.answers.size === 0) socket.destroySoon();
    });
  });

  return {
    end: (onEnded) => {
      isEnding = true;
      NetServer.prototype.close.call(server, onEnded);
      for (const [socket, { answers, readBytes }] of connections) {
        for (const answer of answers) if (!answer.headersSent) answer.shouldKeepAlive = false;
        if (answers.size === 0 && readBytes === socket.bytesRead) socket.destroySoon();
      }
    },
  };
}
