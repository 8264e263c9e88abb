import { Agent, createServer, request as forward, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

/** A call of a service on its way through a door. */
export interface DoorCall {
  /** Name of the operation, as `WriteRecords`. */
  readonly operation: string;
  readonly text: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** What a door does with a call. */
export type Passage =
  | {
      readonly kind: 'pass';
      /** Another call in its place. */
      readonly input?: Readonly<Record<string, unknown>>;
      /** Another answer in place of the real one. */
      readonly edit?: (answer: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>;
    }
  /** The call is done, but its answer never comes. */
  | { readonly kind: 'lose' }
  /** The connection breaks before the call is done. */
  | { readonly kind: 'refuse' }
  | { readonly kind: 'fail'; readonly status: number; readonly code: string; readonly message?: string }
  | { readonly kind: 'answer'; readonly output: Readonly<Record<string, unknown>> };

/** Decides on each call; may wait. */
export type Rule = (call: DoorCall) => Passage | Promise<Passage>;

/** Lets a call through as it is. */
export const PASS: Passage = { kind: 'pass' };

/** A service behind a door: passes calls on, and does to them what its rule says. */
export interface Door {
  readonly url: string;
  rule: Rule;
  /** Told of every call that was answered by the service itself. */
  onAnswer: ((call: DoorCall, answer: Readonly<Record<string, unknown>>) => void) | undefined;
  close(): void;
}

async function bytesOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function parsed(bytes: Buffer): Record<string, unknown> {
  return bytes.length === 0 ? {} : (JSON.parse(bytes.toString('utf8')) as Record<string, unknown>);
}

interface Answer {
  readonly status: number;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly bytes: Buffer;
}

class ServiceDoor implements Door {
  readonly url: string;
  rule: Rule = () => PASS;
  onAnswer: Door['onAnswer'];
  private readonly target: URL;
  private readonly server: ReturnType<typeof createServer>;
  private readonly agent = new Agent({ keepAlive: true });

  constructor(target: string, server: ReturnType<typeof createServer>) {
    this.target = new URL(target);
    this.server = server;
    this.url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
    server.on('request', (request, response) => {
      this.handle(request, response).catch(() => {
        // The caller was killed, or the service: either way nobody is left to be answered.
        request.socket.destroy();
      });
    });
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
    this.agent.destroy();
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const bytes = await bytesOf(request);
    const operation = String(request.headers['x-amz-target']).split('.').at(-1) ?? '';
    const call = { operation, text: bytes.toString('utf8'), input: parsed(bytes) };
    const passage = await this.rule(call);
    switch (passage.kind) {
      case 'refuse':
        request.socket.destroy();
        return;
      case 'fail':
        response.writeHead(passage.status, { 'content-type': 'application/x-amz-json-1.1' });
        response.end(JSON.stringify({ __type: passage.code, message: passage.message ?? 'The door says so.' }));
        return;
      case 'answer':
        response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' });
        response.end(JSON.stringify(passage.output));
        return;
      case 'lose':
        await this.pass(request, call, bytes);
        request.socket.destroy();
        return;
      case 'pass': {
        const sent = passage.input === undefined ? bytes : Buffer.from(JSON.stringify(passage.input));
        const answer = await this.pass(request, call, sent);
        const edited =
          passage.edit === undefined || answer.status !== 200
            ? answer.bytes
            : Buffer.from(JSON.stringify(passage.edit(parsed(answer.bytes))));
        const { 'content-length': _length, 'transfer-encoding': _encoding, ...headers } = answer.headers;
        // A checksum of the answer would speak of the answer that was.
        delete headers['x-amz-crc32'];
        response.writeHead(answer.status, headers);
        response.end(edited);
      }
    }
  }

  private async pass(request: IncomingMessage, call: DoorCall, bytes: Buffer): Promise<Answer> {
    const { connection: _connection, ...headers } = request.headers;
    const onward = forward(this.target, {
      agent: this.agent,
      method: request.method ?? 'POST',
      path: request.url ?? '/',
      headers: { ...headers, host: this.target.host, 'content-length': bytes.length },
    });
    onward.end(bytes);
    const [reply] = (await once(onward, 'response')) as [IncomingMessage];
    const answer = { status: reply.statusCode ?? 500, headers: reply.headers, bytes: await bytesOf(reply) };
    if (answer.status === 200) this.onAnswer?.(call, parsed(answer.bytes));
    return answer;
  }
}

/** Opens a door before a service that speaks JSON; all calls pass until it has another rule. */
export async function openDoor(target: string): Promise<Door> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return new ServiceDoor(target, server);
}
