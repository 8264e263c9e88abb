import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { WebSocket } from 'ws';
import type { LiveFrame } from '@lumina/contracts';
import { FrameReader } from './frame-reader.ts';

/** An event stream as a client sees it. */
export interface OpenStream {
  readonly response: IncomingMessage;
  readonly frames: FrameReader;
  /** Everything as it came, comments included. */
  readonly text: () => string;
  /** Goes away without a word. */
  readonly leave: () => void;
}

/** What to send. */
export interface StreamRequest {
  readonly token: string;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

function frameOf(event: string): LiveFrame | undefined {
  const fields = new Map(
    event.split('\n').map((line): [string, string] => {
      const at = line.indexOf(': ');
      return [line.slice(0, at), line.slice(at + 2)];
    }),
  );
  const data = fields.get('data');
  return data === undefined ? undefined : (JSON.parse(data) as LiveFrame);
}

/** Opens an event stream; what is refused is there as the response. */
export async function openStream(origin: string, { token, body, headers = {} }: StreamRequest): Promise<OpenStream> {
  const outgoing = httpRequest(`${origin}/api/live`, {
    method: 'POST',
    agent: false,
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json', ...headers },
  });
  outgoing.end(JSON.stringify(body));
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
  const frames = new FrameReader();
  let text = '';
  let done = 0;
  response.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
    for (let end = text.indexOf('\n\n', done); end !== -1; end = text.indexOf('\n\n', done)) {
      const frame = frameOf(text.slice(done, end));
      if (frame !== undefined) frames.push(frame);
      done = end + 2;
    }
  });
  const end = (): void => {
    frames.end();
  };
  response.once('close', end).on('error', end);
  return { response, frames, text: () => text, leave: () => outgoing.destroy() };
}

/** A WebSocket as a client sees it. */
export interface OpenSocket {
  readonly socket: WebSocket;
  readonly frames: FrameReader;
  /** The code it was closed with. */
  readonly closed: Promise<number>;
}

/** Connects with a ticket; rejects with the status where the upgrade is refused. */
export async function openSocket(origin: string, ticket: string): Promise<OpenSocket> {
  const socket = new WebSocket(`${origin.replace('http', 'ws')}/api/live/ws?ticket=${ticket}`);
  const frames = new FrameReader();
  socket.on('message', (data: Buffer) => {
    frames.push(JSON.parse(data.toString()) as LiveFrame);
  });
  const closed = new Promise<number>((resolve) => {
    socket.once('close', (code) => {
      frames.end();
      resolve(code);
    });
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    socket.on('error', reject);
    socket.once('unexpected-response', (_request, response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.once('end', () => {
        reject(new Error(`${String(response.statusCode)} ${(JSON.parse(text) as { code: string }).code}`));
      });
    });
  });
  return { socket, frames, closed };
}
