import { KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { RegionId } from '@lumina/contracts';
import { actionRecord } from './platform-events.ts';
import type { PlatformEvents } from './platform-events.ts';

/** Where the event stream is. */
export interface KinesisEventsOptions {
  readonly region: string;
  readonly endpoint?: string;
  readonly stream: string;
  readonly regionId: RegionId;
}

const CONNECT_TIMEOUT_MS = 2_000;
const REQUEST_TIMEOUT_MS = 5_000;
const MAX_ATTEMPTS = 2;

/** Puts user actions on the event stream of the region. What the stream does not take is lost: it is a count of uses. */
export function createKinesisPlatformEvents(options: KinesisEventsOptions): PlatformEvents {
  const { region, endpoint, stream, regionId } = options;
  const client = new KinesisClient({
    region,
    ...(endpoint === undefined ? {} : { endpoint }),
    maxAttempts: MAX_ATTEMPTS,
    // The HTTP/2 of the SDK is no help here, and what stands in for Kinesis locally speaks HTTP/1.1 only.
    requestHandler: new NodeHttpHandler({ connectionTimeout: CONNECT_TIMEOUT_MS, requestTimeout: REQUEST_TIMEOUT_MS }),
  });
  return {
    send: async (actions) => {
      const nowMs = Date.now();
      const records = actions.map((action) => actionRecord(action, regionId, nowMs));
      await client.send(
        new PutRecordsCommand({
          StreamName: stream,
          Records: records.map(({ key, data }) => ({ PartitionKey: key, Data: data })),
        }),
      );
    },
    close: () => {
      client.destroy();
    },
  };
}
