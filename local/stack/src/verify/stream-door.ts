import { KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { setTimeout as delay } from 'node:timers/promises';

import { EVENTS_STREAM } from '../streams.ts';
import { LOCAL_CREDENTIALS } from './environment.ts';

/** A record on its way to the stream. */
export interface StreamEntry {
  readonly data: Buffer;
  readonly partitionKey: string;
}

const MAX_RECORDS = 100;
const RETRY_MS = 200;
const MAX_ATTEMPTS = 100;

/** Puts records on the stream as producers with that right do: an EventBridge rule, a service of the platform. */
export class StreamDoor {
  readonly #client: KinesisClient;

  constructor(endpoint: string, awsRegion: string) {
    this.#client = new KinesisClient({
      endpoint,
      region: awsRegion,
      credentials: LOCAL_CREDENTIALS,
      requestHandler: new NodeHttpHandler(),
    });
  }

  /** Resolves when the stream has taken all of them, in order unless it refused some at first. */
  async put(records: readonly StreamEntry[]): Promise<void> {
    for (let from = 0; from < records.length; from += MAX_RECORDS) {
      await this.#putBatch(records.slice(from, from + MAX_RECORDS));
    }
  }

  async #putBatch(records: readonly StreamEntry[]): Promise<void> {
    let pending = records.map(({ data, partitionKey }) => ({ Data: data, PartitionKey: partitionKey }));
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
      const reply = await this.#client.send(new PutRecordsCommand({ StreamName: EVENTS_STREAM, Records: pending }));
      pending = pending.filter((_, index) => reply.Records?.[index]?.ErrorCode !== undefined);
      if (pending.length === 0) return;
      await delay(RETRY_MS);
    }
    throw new Error(`verify_stream: the stream refused ${String(pending.length)} records again and again`);
  }

  close(): void {
    this.#client.destroy();
  }
}
