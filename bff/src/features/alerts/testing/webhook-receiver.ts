import { once, EventEmitter } from 'node:events';
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { startServer } from '../../../testing/http-server.ts';
import type { TestServer } from '../../../testing/http-server.ts';

/** A message as it came. */
export interface ReceivedMessage {
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** Answers it with 200; a message that nobody takes keeps its sender waiting. */
  readonly take: () => void;
}

/** An endpoint that keeps what it is sent. */
export class WebhookReceiver {
  readonly messages: ReceivedMessage[] = [];
  readonly #server: TestServer;
  readonly #news = new EventEmitter();

  private constructor(server: TestServer) {
    this.#server = server;
  }

  static async start(): Promise<WebhookReceiver> {
    const server = await startServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        receiver.#receive(request.headers, Buffer.concat(chunks), response);
      });
    });
    const receiver = new WebhookReceiver(server);
    return receiver;
  }

  get url(): string {
    return `${this.#server.url}/hook`;
  }

  /** With its port, as the list of allowed hosts names it. */
  get host(): string {
    return new URL(this.#server.url).host;
  }

  /** The message of this place in the order of arrival, as soon as it is there. */
  async message(index: number): Promise<ReceivedMessage> {
    for (;;) {
      const message = this.messages[index];
      if (message !== undefined) return message;
      await once(this.#news, 'message');
    }
  }

  close(): Promise<void> {
    return this.#server.close();
  }

  #receive(headers: IncomingHttpHeaders, body: Buffer, response: ServerResponse): void {
    const take = (): void => {
      response.writeHead(200).end();
    };
    this.messages.push({ headers, body, take });
    this.#news.emit('message');
  }
}
