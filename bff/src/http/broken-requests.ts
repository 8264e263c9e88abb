import type { Server } from 'node:http';
import { HttpProblem } from './problem.ts';
import { endWithProblem } from './raw-problem.ts';

function problemOf(code: string | undefined): HttpProblem {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return new HttpProblem('invalid_request', 'The headers are too large; send fewer or shorter ones.', {
        status: 431,
      });
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new HttpProblem('invalid_request', 'The request did not arrive in time; send it again.', { status: 408 });
    default:
      return new HttpProblem('invalid_request', 'This is no request of HTTP/1.1.', { status: 400 });
  }
}

/** Answers what is too broken to become a request, and so never reaches the application, as a problem too. */
export function answerBrokenRequests(server: Server): void {
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (error.code === 'ECONNRESET' || !socket.writable) socket.destroy();
    else endWithProblem(socket, problemOf(error.code));
  });
}
