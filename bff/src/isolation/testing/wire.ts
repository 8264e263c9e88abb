import { Agent, request } from 'node:http';
import type { IncomingMessage } from 'node:http';

/** What is sent; the path goes out as it is written here. */
export interface Attempt {
  readonly origin: string;
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string;
}

/** All that came back; the status is 0 where it was no answer but the end of the connection. */
export interface Answer {
  readonly status: number;
  /** Name and value by turns, as they came. */
  readonly rawHeaders: readonly string[];
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

const SOCKETS = 16;
/** A stream has told what it has to tell with its first answer, or why there is none. */
const STREAM_TOLD = /^event: (?:snapshot|problem|bye)/m;

/** Sends over few connections that many identities share, so that what mixes them up would show. */
export class Wire {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: SOCKETS });
  /** Statuses of all answers so far. */
  readonly statuses = new Map<number, number>();
  attempts = 0;

  send({ origin, method, path, headers = {}, body }: Attempt): Promise<Answer> {
    this.attempts += 1;
    const { hostname, port } = new URL(origin);
    return new Promise((resolve, reject) => {
      const outgoing = request(
        { agent: this.#agent, hostname, port, method, path, headers: headers as Record<string, string | string[]> },
        (reply) => {
          const { statusCode: status = 0, rawHeaders, headers: replied } = reply;
          this.statuses.set(status, (this.statuses.get(status) ?? 0) + 1);
          const isStream = replied['content-type']?.startsWith('text/event-stream') === true;
          let text = '';
          const done = (): void => {
            resolve({ status, rawHeaders, headers: replied, body: text });
          };
          reply.setEncoding('utf8').on('data', (chunk: string) => {
            text += chunk;
            if (isStream && STREAM_TOLD.test(text)) {
              done();
              outgoing.destroy();
            }
          });
          reply.once('end', done).once('error', done);
        },
      );
      outgoing.on('error', (error: Error & { code?: string; rawPacket?: Buffer }) => {
        const { code = '', rawPacket = Buffer.alloc(0) } = error;
        // What is no request to a server is refused with the connection, sometimes beside an answer.
        if (code.startsWith('HPE_') || code === 'ECONNRESET' || code === 'EPIPE')
          resolve({ status: 0, rawHeaders: [], headers: {}, body: rawPacket.toString('latin1') });
        else reject(error);
      });
      outgoing.end(body);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}
