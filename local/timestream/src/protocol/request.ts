import type { IncomingMessage } from 'node:http';
import { validationError, ServiceError } from '../errors.ts';
import { parseJson } from './json.ts';
import type { JsonObject } from './shape.ts';

/** One call, as the operations see it. */
export type ApiRequest = {
  operation: string;
  region: string;
  accessKeyId: string;
  userAgent: string;
  hostHeader: string;
  /** Aborts when the caller hangs up before the answer. */
  signal: AbortSignal;
  body: JsonObject;
};

const MAX_BODY_BYTES = 8 * 1024 * 1024;
const TARGET_PREFIX = 'Timestream_20181101.';

/** Reads and parses a call; the region comes from the credential scope, the signature is not checked. */
export async function readRequest(message: IncomingMessage, signal: AbortSignal): Promise<ApiRequest> {
  const target = header(message, 'x-amz-target');
  const text = await readBody(message);
  if (!target.startsWith(TARGET_PREFIX)) throw unknownOperation(target);
  const body = parseBody(text);
  return {
    operation: target.slice(TARGET_PREFIX.length),
    region: regionOf(header(message, 'authorization')),
    accessKeyId: /Credential=([^/,]+)\//.exec(header(message, 'authorization'))?.[1] ?? '',
    // Browsers cannot set User-Agent, so the SDK repeats itself in x-amz-user-agent.
    userAgent: `${header(message, 'user-agent')} ${header(message, 'x-amz-user-agent')}`,
    hostHeader: header(message, 'host'),
    signal,
    body,
  };
}

/** The error for an operation that this server does not have. */
export const unknownOperation = (target: string): ServiceError =>
  new ServiceError('UnknownOperationException', 400, `The operation ${target} is not known.`);

function parseBody(text: string): JsonObject {
  if (text === '') return {};
  try {
    const value = parseJson(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new ServiceError('SerializationException', 400, 'The request body is not a JSON object.');
}

/** The whole body as text; refuses one that no call of the service may have. */
export async function readBody(message: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of message) {
    const buffer = part as Buffer;
    bytes += buffer.length;
    if (bytes > MAX_BODY_BYTES) throw validationError('The request is too large.');
    parts.push(buffer);
  }
  return Buffer.concat(parts).toString('utf8');
}

function header(message: IncomingMessage, name: string): string {
  const value = message.headers[name];
  return typeof value === 'string' ? value : '';
}

/** `Credential=<key>/<date>/<region>/timestream/aws4_request` */
function regionOf(authorization: string): string {
  return /Credential=[^/,]+\/\d+\/([a-z0-9-]+)\//.exec(authorization)?.[1] ?? 'local';
}
