import type { IncomingHttpHeaders } from 'node:http';
import type { TraceOrigin } from './tracing.ts';

/**
 * Whose word about a request's trace is taken. A caller's never is: it could put its requests into the traces of others,
 * or have everything recorded at our cost.
 */
export type TraceSource = 'nobody' | 'distributor' | 'aws-load-balancer';

const NO_ORIGIN: TraceOrigin = { kind: 'none' };
/** W3C Trace Context, level 1: version, trace, span, flags. */
const TRACEPARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-0([0-3])$/;
const ZEROS = /^0+$/;
/** X-Ray writes the same 32 digits as `1-<8>-<24>`. */
const XRAY_ID = /^1-([0-9a-f]{8})-([0-9a-f]{24})$/;
const XRAY_MAX_LENGTH = 512;
const RECORDED_FLAG = 1;

/** Where the trace of a request comes from, by the headers of whoever may say so. */
export function traceOriginOf(headers: IncomingHttpHeaders, source: TraceSource): TraceOrigin {
  switch (source) {
    case 'nobody':
      return NO_ORIGIN;
    case 'distributor':
      return parentOf(headers['traceparent']);
    case 'aws-load-balancer':
      return namedBy(headers['x-amzn-trace-id']);
  }
}

function parentOf(header: string | readonly string[] | undefined): TraceOrigin {
  if (typeof header !== 'string') return NO_ORIGIN;
  const [, traceId = '', spanId = '', flags = '0'] = TRACEPARENT.exec(header) ?? [];
  if (ZEROS.test(traceId) || ZEROS.test(spanId) || traceId === '') return NO_ORIGIN;
  return { kind: 'parent', traceId, spanId, isRecorded: (Number(flags) & RECORDED_FLAG) !== 0 };
}

/**
 * A load balancer keeps a `Root` that a caller sent and adds a `Self` of its own, and makes the `Root` where there was
 * none: its own word is the first `Self`, or else the `Root`. Whether to record is never the header's to say.
 */
function namedBy(header: string | readonly string[] | undefined): TraceOrigin {
  if (typeof header !== 'string' || header.length > XRAY_MAX_LENGTH) return NO_ORIGIN;
  const fields = header.split(';').map((field) => field.trim());
  const own = fields.find((field) => field.startsWith('Self=')) ?? fields.find((field) => field.startsWith('Root='));
  const [, epoch, random] = XRAY_ID.exec(own?.slice('Self='.length) ?? '') ?? [];
  return epoch === undefined || random === undefined ? NO_ORIGIN : { kind: 'named', traceId: `${epoch}${random}` };
}
