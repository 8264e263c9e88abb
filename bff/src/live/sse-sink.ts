import type { ServerResponse } from 'node:http';
import { LIVE_STREAM_HEADER } from '@lumina/contracts';
import { GOODBYE_MS } from '../http/ending.ts';
import type { Sink } from './stream.ts';

const COMMENT = Buffer.from(': \n\n');

/** Begins an event stream on a response. */
export function beginEventStream(response: ServerResponse, streamId: string): Sink {
  response.statusCode = 200;
  response.setHeader('Content-Type', 'text/event-stream; charset=utf-8');
  response.setHeader('Cache-Control', 'no-cache, no-transform');
  response.setHeader('X-Accel-Buffering', 'no');
  response.setHeader(LIVE_STREAM_HEADER, streamId);
  response.socket?.setNoDelay(true);
  response.flushHeaders();
  // A proxy passes headers on with the first bytes only.
  response.write(COMMENT);
  const canWrite = (): boolean => !response.destroyed && !response.writableEnded;
  const comment = (): void => {
    if (canWrite()) response.write(COMMENT);
  };
  return {
    wire: 'sse',
    write: (bytes) => {
      if (canWrite()) response.write(bytes);
    },
    heartbeat: comment,
    showLife: comment,
    pendingBytes: () => response.writableLength,
    end: () => {
      const timer = setTimeout(() => {
        response.destroy();
      }, GOODBYE_MS);
      response.once('close', () => {
        clearTimeout(timer);
      });
      response.end();
    },
  };
}
