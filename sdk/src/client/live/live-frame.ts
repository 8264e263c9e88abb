import type { LiveFrame } from '@lumina/contracts';

const EVENTS: ReadonlySet<string> = new Set([
  'snapshot',
  'delta',
  'seal',
  'stale',
  'problem',
  'reauth',
  'alert',
  'bye',
] satisfies LiveFrame['event'][]);

function has(value: object, name: string, type: 'string' | 'number' | 'object'): boolean {
  const field = (value as Readonly<Record<string, unknown>>)[name];
  return typeof field === type && field !== null;
}

/** Reads a frame; undefined for what is none, and for kinds that a newer service may send. */
export function parseFrame(json: string): LiveFrame | undefined {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null || !('event' in value) || !has(value, 'id', 'string')) {
    return undefined;
  }
  return EVENTS.has(String(value.event)) && isWhole(value, String(value.event)) ? (value as LiveFrame) : undefined;
}

function isWhole(value: object, event: string): boolean {
  switch (event) {
    case 'snapshot':
    case 'delta':
      return (
        ['data', 'aggregations', 'errors'].every((name) => Array.isArray((value as Record<string, unknown>)[name])) &&
        has(value, 'meta', 'object')
      );
    case 'problem':
      return has(value, 'problem', 'object');
    case 'stale':
      return has(value, 'since', 'number');
    case 'reauth':
      return has(value, 'stream', 'string') && has(value, 'expiresAt', 'number');
    case 'alert':
      return (
        ['ruleId', 'state', 'name', 'metric', 'severity'].every((name) => has(value, name, 'string')) &&
        has(value, 'since', 'number')
      );
    case 'bye':
      return has(value, 'retryMs', 'number');
    default:
      return true;
  }
}

/** Where a frame stands among all of its process. */
export interface FramePlace {
  /** New with each process of the service. */
  readonly epoch: string;
  readonly sequence: number;
}

/** The place an id names, `<epoch>-<sequence>[-…]`; undefined for ids of another make, which say nothing about order. */
export function placeOf(id: string): FramePlace | undefined {
  const [, epoch, digits] = /^([^-]+)-(\d+)(?:-|$)/u.exec(id) ?? [];
  return epoch === undefined || digits === undefined ? undefined : { epoch, sequence: Number(digits) };
}
