import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { HttpProblem } from './problem.ts';

/** Answers a problem on a bare connection, where there is no response to write to, and ends it. */
export function endWithProblem(socket: Duplex, problem: HttpProblem): void {
  const body = JSON.stringify(problem.toBody(randomUUID()));
  const head = [
    `HTTP/1.1 ${String(problem.status)} ${STATUS_CODES[problem.status] ?? ''}`,
    'Connection: close',
    'Content-Type: application/problem+json; charset=utf-8',
    'Cache-Control: no-store',
    ...Object.entries(problem.headers).map(([name, value]) => `${name}: ${value}`),
    `Content-Length: ${String(Buffer.byteLength(body))}`,
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}
