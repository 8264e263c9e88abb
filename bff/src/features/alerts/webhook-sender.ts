import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { RequestOptions } from 'node:https';
import { WEBHOOK_DELIVERY_HEADER, WEBHOOK_EVENT_HEADER, WEBHOOK_SIGNATURE_HEADER } from '@lumina/contracts';
import type { DueDelivery } from './evaluation-store.ts';
import {
  AddressRefusedError,
  HostUnknownError,
  parseWebhookUrl,
  pinnedLookup,
  resolveHost,
  resolvePublic,
} from './webhook-address.ts';
import type { AllowedHosts, ResolveHost } from './webhook-address.ts';
import { signatureOf } from './webhook-signature.ts';

/** What sending needs. */
export interface WebhookSenderOptions {
  readonly allowedHosts: AllowedHosts;
  readonly resolve?: ResolveHost;
  readonly timeoutMs?: number;
  readonly clock?: () => number;
}

/** How an attempt ended: taken (2xx), to be tried again, or never to be tried again. */
export type Attempt = { readonly kind: 'taken' } | { readonly kind: 'failed' | 'refused'; readonly error: string };

/** Makes one attempt. */
export type SendWebhook = (delivery: DueDelivery, signal: AbortSignal) => Promise<Attempt>;

const TIMEOUT_MS = 10_000;
/** The answer is not read; whoever sends more than this is cut off. */
const MAX_ANSWER_BYTES = 16_384;

/** Sends messages to public addresses over https, to nothing else, and follows nobody anywhere else. */
export function createWebhookSender(options: WebhookSenderOptions): SendWebhook {
  const { allowedHosts, resolve = resolveHost, timeoutMs = TIMEOUT_MS, clock = Date.now } = options;
  return async (delivery, signal) => {
    try {
      const url = parseWebhookUrl(delivery.url, allowedHosts);
      const addresses = await resolvePublic(url, resolve, allowedHosts);
      const status = await post(url, delivery, {
        lookup: pinnedLookup(addresses),
        headers: headersOf(delivery, Math.floor(clock() / 1_000)),
        signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
      });
      return status >= 200 && status < 300 ? { kind: 'taken' } : { kind: 'failed', error: `http_${String(status)}` };
    } catch (error) {
      if (error instanceof AddressRefusedError) return { kind: 'refused', error: error.code };
      return { kind: 'failed', error: codeOf(error) };
    }
  };
}

function headersOf({ id, event, body, secrets }: DueDelivery, atSeconds: number): Record<string, string> {
  return {
    'Content-Type': 'application/json',
    'Content-Length': String(Buffer.byteLength(body)),
    'User-Agent': 'Lumina-Webhooks/1',
    [WEBHOOK_DELIVERY_HEADER]: id,
    [WEBHOOK_EVENT_HEADER]: event,
    [WEBHOOK_SIGNATURE_HEADER]: signatureOf(body, secrets, atSeconds),
  };
}

/** A code that tells nothing of this network. */
function codeOf(error: unknown): string {
  if (error instanceof HostUnknownError) return 'host_unknown';
  if (!(error instanceof Error)) return 'failed';
  if (error.name === 'TimeoutError' || error.name === 'AbortError') return 'timed_out';
  return 'code' in error && typeof error.code === 'string' ? error.code.toLowerCase() : 'failed';
}

/** The status of the answer, a redirect's too: it is not followed. */
function post(url: URL, { body }: DueDelivery, options: RequestOptions): Promise<number> {
  const send = url.protocol === 'http:' ? requestHttp : requestHttps;
  return new Promise((resolve, reject) => {
    // Without an agent no connection outlives its message, and none is shared.
    const outgoing = send(url, { ...options, method: 'POST', agent: false }, (answer) => {
      let received = 0;
      answer.on('data', (chunk: Buffer) => {
        received += chunk.length;
        if (received > MAX_ANSWER_BYTES) outgoing.destroy();
      });
      answer.on('error', () => undefined);
      // What counts is the status; the rest is taken so that the connection ends in good order.
      resolve(answer.statusCode ?? 0);
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}
