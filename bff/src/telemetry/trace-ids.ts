import { randomBytes } from 'node:crypto';
import type { IdGenerator } from '@opentelemetry/sdk-trace';

const MS_PER_SECOND = 1_000;
const RANDOM_BYTES_OF_TRACE = 12;
const BYTES_OF_SPAN = 8;
const EPOCH_DIGITS = 8;

const hex = (bytes: number): string => randomBytes(bytes).toString('hex');

/** A trace id that AWS X-Ray takes: the seconds since 1970 first, then what is random. */
export function newTraceId(nowMs: number = Date.now()): string {
  const seconds = Math.floor(nowMs / MS_PER_SECOND);
  return `${seconds.toString(16).padStart(EPOCH_DIGITS, '0')}${hex(RANDOM_BYTES_OF_TRACE)}`;
}

/** A span id. */
export const newSpanId = (): string => hex(BYTES_OF_SPAN);

/** Gives ids; the next trace can be given the name that a load balancer has chosen for it. */
export class TraceIds implements IdGenerator {
  #next: string | undefined;

  useNext(traceId: string): void {
    this.#next = traceId;
  }

  generateTraceId(): string {
    const id = this.#next ?? newTraceId();
    this.#next = undefined;
    return id;
  }

  generateSpanId(): string {
    return newSpanId();
  }
}
