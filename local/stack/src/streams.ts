import {
  CreateStreamCommand,
  KinesisClient,
  ResourceInUseException,
  waitUntilStreamExists,
} from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';

/** The stream of what happened. */
export const EVENTS_STREAM = 'lumina-events';
/** The stream of what was stored: the live tail. */
export const FACTS_STREAM = 'lumina-facts';

/** Two shards of events, so that leases have something to share; the tail is read whole by everyone. */
const SHARDS: Readonly<Record<string, number>> = { [EVENTS_STREAM]: 2, [FACTS_STREAM]: 1 };

/** Makes the streams of a region that are not there yet. */
export async function ensureStreams(endpoint: string, awsRegion: string): Promise<void> {
  const client = new KinesisClient({
    endpoint,
    region: awsRegion,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    requestHandler: new NodeHttpHandler(),
  });
  try {
    for (const [StreamName, ShardCount] of Object.entries(SHARDS)) {
      try {
        await client.send(new CreateStreamCommand({ StreamName, ShardCount }));
      } catch (error) {
        if (!(error instanceof ResourceInUseException)) throw error;
      }
      await waitUntilStreamExists({ client, maxWaitTime: 20, minDelay: 1, maxDelay: 1 }, { StreamName });
    }
  } finally {
    client.destroy();
  }
}
