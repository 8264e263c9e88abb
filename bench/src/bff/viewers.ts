import { connect } from 'node:net';
import type { Socket } from 'node:net';

/** Many open event streams, read and thrown away. */
export interface Viewers {
  /** Bytes of frames that all of them have received so far. */
  bytes: () => number;
  /** Viewers whose stream has ended by itself. */
  lost: () => number;
  close: () => void;
}

const OPENING = 50;

/** Opens one stream; resolves with its first bytes. */
function open(url: URL, token: string, body: string, onBytes: (count: number) => void): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(url.port), url.hostname, () => {
      socket.write(
        [
          'POST /api/live HTTP/1.1',
          `Host: ${url.host}`,
          `Authorization: Bearer ${token}`,
          'Content-Type: application/json',
          'Accept: text/event-stream',
          `Content-Length: ${String(Buffer.byteLength(body))}`,
          '',
          body,
        ].join('\r\n'),
      );
    });
    socket.once('error', reject);
    socket.once('data', (first) => {
      const status = first.toString('latin1', 0, 12);
      if (status === 'HTTP/1.1 200') resolve(socket);
      else reject(new Error(`A stream was refused: ${first.toString('utf8')}`));
    });
    socket.on('data', (chunk) => {
      onBytes(chunk.length);
    });
  });
}

/** Opens `count` streams, some at a time. */
export async function openViewers(
  target: string,
  count: number,
  tokenOf: (viewer: number) => string,
  body: string,
): Promise<Viewers> {
  const url = new URL(target);
  const sockets: Socket[] = [];
  let bytes = 0;
  let lost = 0;
  let isClosed = false;
  for (let first = 0; first < count; first += OPENING) {
    const some = Array.from({ length: Math.min(OPENING, count - first) }, (_, index) =>
      open(url, tokenOf(first + index), body, (length) => {
        bytes += length;
      }),
    );
    sockets.push(...(await Promise.all(some)));
  }
  for (const socket of sockets) {
    socket.once('close', () => {
      if (!isClosed) lost += 1;
    });
  }
  return {
    bytes: () => bytes,
    lost: () => lost,
    close: () => {
      isClosed = true;
      for (const socket of sockets) socket.destroy();
    },
  };
}
