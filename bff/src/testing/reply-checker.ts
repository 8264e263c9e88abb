import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import { Compile } from 'typebox/compile';
import type Type from 'typebox';

interface Content {
  readonly schema: Type.TSchema;
}
interface Reply {
  readonly content?: Readonly<Record<string, Content>>;
}
interface Operation {
  readonly responses: Readonly<Record<string, Reply>>;
}
/** As much of an OpenAPI document as checking replies needs. */
export interface ReplyDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Type.TSchema>> };
}

/** What was sent, as far as it is checked. */
export interface SentReply {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  /** Without parameters; empty where there is none. */
  readonly mediaType: string;
  readonly body: string;
}

/** Which paths the document speaks for. */
const DOCUMENTED = /^\/(api|oauth|\.well-known)(\/|$)/i;
const EVENT_STREAM = 'text/event-stream';
const PROBLEM = 'application/problem+json';
const SHOWN_LENGTH = 300;

function patternOf(path: string): RegExp {
  const escaped = path.replaceAll(/[.*+?^$()|[\]\\]/g, String.raw`\$&`);
  return new RegExp(`^${escaped.replaceAll(/\{\w+\}/g, '[^/]+')}/?$`, 'i');
}

/** Checks replies against the document that the API itself gives out. */
class ReplyChecker {
  /** What was sent and is not in the document. */
  readonly violations: string[] = [];
  readonly #paths: readonly { readonly pattern: RegExp; readonly operations: Readonly<Record<string, Operation>> }[];
  readonly #problem: Type.TSchema | undefined;
  readonly #validators = new Map<Type.TSchema, ReturnType<typeof Compile>>();

  readonly #isProxy: boolean;

  /** `isProxy`: what a region answered is checked there; where something stands in for it there is nothing to check. */
  constructor({ paths, components }: ReplyDocument, { isProxy }: { readonly isProxy: boolean }) {
    this.#isProxy = isProxy;
    this.#problem = components.schemas['Problem'];
    // A path of fixed words stands before one with parameters.
    this.#paths = Object.keys(paths)
      .sort((a, b) => Number(a.includes('{')) - Number(b.includes('{')))
      .map((path) => ({ pattern: patternOf(path), operations: paths[path] ?? {} }));
  }

  /** Remembers what is wrong with a reply. */
  check(reply: SentReply): void {
    const fault = this.#faultOf(reply);
    if (fault !== undefined) {
      const { method, path, status, mediaType, body } = reply;
      this.violations.push(
        `${method} ${path} → ${String(status)} ${mediaType}: ${fault}\n    ${body.slice(0, SHOWN_LENGTH)}`,
      );
    }
  }

  #operationOf({ method, path }: SentReply): Operation | undefined {
    const verb = method === 'HEAD' ? 'get' : method.toLowerCase();
    return this.#paths.find(({ pattern, operations }) => pattern.test(path) && verb in operations)?.operations[verb];
  }

  #faultOf(reply: SentReply): string | undefined {
    const { method, path, status, mediaType, body } = reply;
    if (method === 'OPTIONS' || path === '/api/openapi.json' || !DOCUMENTED.test(path)) return undefined;
    if (this.#isProxy && status < 400 && path.startsWith('/api/')) return undefined;
    const operation = this.#operationOf(reply);
    if (status === 304) return body === '' ? undefined : 'a 304 has no body';
    if (operation === undefined) {
      if (status < 400) return 'this operation is not documented';
      return mediaType === PROBLEM ? this.#faultOfJson(this.#problem, body, method) : 'a refusal must be a problem';
    }
    const expected =
      operation.responses[String(status)] ?? (status >= 400 ? operation.responses['default'] : undefined);
    if (expected === undefined) return 'this status is not documented';
    if (expected.content === undefined) return body === '' ? undefined : 'no body is documented';
    const schema = expected.content[mediaType]?.schema;
    if (schema === undefined) return `the documented media types are ${Object.keys(expected.content).join(', ')}`;
    const resolved = '$ref' in schema ? this.#problem : schema;
    return mediaType === EVENT_STREAM
      ? this.#faultOfFrames(resolved, body)
      : mediaType.endsWith('json')
        ? this.#faultOfJson(resolved, body, method)
        : undefined;
  }

  #faultOfJson(schema: Type.TSchema | undefined, body: string, method: string): string | undefined {
    if (schema === undefined || method === 'HEAD') return undefined;
    let value: unknown;
    try {
      value = JSON.parse(body);
    } catch {
      return 'the body is not JSON';
    }
    let validator = this.#validators.get(schema);
    if (validator === undefined) {
      validator = Compile(schema);
      this.#validators.set(schema, validator);
    }
    if (validator.Check(value)) return undefined;
    const [first] = validator.Errors(value);
    return `body${first?.instancePath ?? ''} ${first?.message ?? 'does not fit'}`;
  }

  /** Each whole event of a stream is checked; the last may have been cut off. */
  #faultOfFrames(schema: Type.TSchema | undefined, text: string): string | undefined {
    for (const event of text.split('\n\n').slice(0, -1)) {
      const data = /^data: (.*)$/m.exec(event)?.[1];
      const fault = data === undefined ? undefined : this.#faultOfJson(schema, data, 'GET');
      if (fault !== undefined) return `${fault} in ${event.slice(0, SHOWN_LENGTH)}`;
    }
    return undefined;
  }
}

function textOf(response: ServerResponse, bytes: Buffer): string {
  switch (response.getHeader('content-encoding')) {
    case 'gzip':
      return gunzipSync(bytes).toString();
    case 'deflate':
      return inflateSync(bytes).toString();
    case 'br':
      return brotliDecompressSync(bytes).toString();
    default:
      return bytes.toString();
  }
}

/** What is written, as it is written: nothing is held back or changed. */
function listenTo(response: ServerResponse): () => Buffer {
  const chunks: Buffer[] = [];
  const keep = (chunk: unknown): void => {
    if (typeof chunk === 'string') chunks.push(Buffer.from(chunk));
    else if (chunk instanceof Uint8Array) chunks.push(Buffer.from(chunk));
  };
  const write = response.write.bind(response) as (...values: unknown[]) => boolean;
  const end = response.end.bind(response) as (...values: unknown[]) => ServerResponse;
  Object.assign(response, {
    write: (...values: unknown[]) => {
      keep(values[0]);
      return write(...values);
    },
    end: (...values: unknown[]) => {
      keep(values[0]);
      return end(...values);
    },
  });
  return () => Buffer.concat(chunks);
}

function mediaTypeOf(response: ServerResponse): string {
  return (
    String(response.getHeader('content-type') ?? '')
      .split(';')[0]
      ?.trim()
      .toLowerCase() ?? ''
  );
}

/** Serves as before, and keeps every whole reply. */
export function recordingReplies(app: RequestListener, replies: SentReply[]): RequestListener {
  return (request: IncomingMessage, response: ServerResponse) => {
    const { method = 'GET', url = '/' } = request;
    const written = listenTo(response);
    response.once('close', () => {
      const mediaType = mediaTypeOf(response);
      // What was cut short is no reply; a stream is always cut short by somebody.
      if (!response.writableFinished && mediaType !== EVENT_STREAM) return;
      const body = method === 'HEAD' ? '' : textOf(response, written());
      const path = url.split('?')[0] ?? '/';
      replies.push({ method, path, status: response.statusCode, mediaType, body });
    });
    app(request, response);
  };
}

/** Fails the test file for replies that are not documented. Thrown in a hook, the other servers would never be closed. */
export function reportViolations(
  document: ReplyDocument,
  replies: readonly SentReply[],
  options: { readonly isProxy: boolean },
): void {
  const checker = new ReplyChecker(document, options);
  for (const reply of replies) checker.check(reply);
  if (checker.violations.length === 0) return;
  const list = checker.violations.join('\n');
  process.stderr.write(`Replies that the document of the API does not describe:\n${list}\n`);
  process.exitCode = 1;
}
