import { whitelistBody } from '../core/body-whitelist.ts';
import { decodeEvent } from '../core/decode.ts';
import { partitionKeyOf } from '../core/partition-key.ts';
import type { TenantVariables } from '../core/sources/freeswitch-whitelist.ts';
import { encodeStreamRecord } from '../core/stream-record.ts';
import type { EventClass } from './event-class.ts';
import type { EslMetrics } from './metrics.ts';
import type { Outbox } from './outbox.ts';

/** Why an event did not get into the outbox; undefined when it did. */
export type Refusal = 'ignored' | 'too_large' | 'shed';

/** Kinesis takes 1 MiB a record, its key included. */
const MAX_RECORD_BYTES = 1_000_000;

/** Turns events into records of the stream, exactly as the collector does, and puts them into the outbox. */
export class Intake {
  private readonly outbox: Outbox;
  private readonly metrics: EslMetrics;
  private readonly regionId: number;
  private readonly variables: TenantVariables;

  constructor(outbox: Outbox, metrics: EslMetrics, regionId: number, variables: TenantVariables) {
    this.outbox = outbox;
    this.metrics = metrics;
    this.regionId = regionId;
    this.variables = variables;
  }

  /**
   * Takes a raw event or an envelope. One that concerns nothing we count goes no further; one that the worker will refuse
   * does, so that it is kept where operators look, among the dead letters.
   */
  take(kind: EventClass, territoryId: number, event: object): Refusal | undefined {
    const { regionId } = this;
    const body = whitelistBody(event, this.variables);
    const bytes = Buffer.from(JSON.stringify(body));
    const decoded = decodeEvent(body, { territoryId, regionId });
    let key: string;
    if ('error' in decoded) {
      this.metrics.rejected.inc({ code: decoded.error.code });
      key = partitionKeyOf(territoryId, undefined, decoded.error.code);
    } else {
      const [first] = decoded.events;
      if (first === undefined) {
        this.metrics.ignored.inc();
        return 'ignored';
      }
      key = partitionKeyOf(territoryId, first, decoded.id);
    }
    const data = encodeStreamRecord({ territoryId, regionId, receivedMs: Date.now(), body: 'events' }, bytes);
    if (data.length > MAX_RECORD_BYTES) {
      this.metrics.rejected.inc({ code: 'too_large' });
      return 'too_large';
    }
    if (!this.outbox.offer(kind, { data, partitionKey: key })) return 'shed';
    this.metrics.events.inc({ class: kind });
    return undefined;
  }
}
