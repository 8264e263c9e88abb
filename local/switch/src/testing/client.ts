import { connect, type Socket } from 'node:net';
import { once } from 'node:events';

/** A frame as it came: headers as sent, names untouched, and the body. */
export interface Frame {
  readonly head: string;
  readonly body: string;
}

const SEPARATOR = Buffer.from('\n\n');

/** The smallest client of an event socket: writes lines, waits for frames. */
export class TestClient {
  readonly socket: Socket;
  #bytes: Buffer = Buffer.alloc(0);
  #isClosed = false;
  #wake: () => void = () => undefined;

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on('data', (chunk: Buffer) => {
      this.#bytes = Buffer.concat([this.#bytes, chunk]);
      this.#wake();
    });
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      this.#isClosed = true;
      this.#wake();
    });
  }

  static async connect(port: number): Promise<TestClient> {
    const client = new TestClient(connect(port, '127.0.0.1'));
    await once(client.socket, 'connect');
    return client;
  }

  /** Connects and authenticates. */
  static async login(port: number, password = 'ClueCon'): Promise<TestClient> {
    const client = await TestClient.connect(port);
    await client.frame();
    await client.ask(`auth ${password}`);
    return client;
  }

  /** All bytes that wait to be read. */
  get pending(): string {
    return this.#bytes.toString('utf8');
  }

  send(text: string): void {
    this.socket.write(`${text}\n\n`);
  }

  /** Sends a command and answers the frame that comes next. */
  ask(text: string): Promise<Frame> {
    this.send(text);
    return this.frame();
  }

  /** The next frame; rejects when the connection ends first. */
  async frame(): Promise<Frame> {
    for (;;) {
      const end = this.#bytes.indexOf(SEPARATOR);
      if (end !== -1) {
        const head = this.#bytes.toString('utf8', 0, end);
        const length = Number(/^Content-Length: (\d+)$/im.exec(head)?.[1] ?? 0);
        const from = end + SEPARATOR.length;
        if (this.#bytes.length >= from + length) {
          const body = this.#bytes.toString('utf8', from, from + length);
          this.#bytes = this.#bytes.subarray(from + length);
          return { head, body };
        }
      }
      if (this.#isClosed) throw new Error('client_closed: the switch closed the connection');
      await this.#change();
    }
  }

  /** The next event, parsed. */
  async event(): Promise<Record<string, string>> {
    return JSON.parse((await this.frame()).body) as Record<string, string>;
  }

  async closed(): Promise<void> {
    while (!this.#isClosed) await this.#change();
  }

  end(): void {
    this.socket.destroy();
  }

  #change(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }
}
