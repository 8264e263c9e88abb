import { GetRecordsCommand, GetShardIteratorCommand, KinesisClient, ListShardsCommand } from '@aws-sdk/client-kinesis';
import type { _Record as StreamRecord } from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { setTimeout as delay } from 'node:timers/promises';

const REGION = 'eu-west-1';
/** Five reads a second and shard. */
const READ_INTERVAL_MS = 250;
const STAY_ID = /"(?:stayId|eid)":"([^"]+)"/gu;

async function readShard(
  client: KinesisClient,
  StreamName: string,
  ShardId: string,
  take: (record: StreamRecord) => void,
): Promise<void> {
  const start = new GetShardIteratorCommand({ StreamName, ShardId, ShardIteratorType: 'TRIM_HORIZON' });
  let { ShardIterator } = await client.send(start);
  while (ShardIterator !== undefined) {
    const page = await client.send(new GetRecordsCommand({ ShardIterator }));
    for (const record of page.Records ?? []) take(record);
    if (page.MillisBehindLatest === 0 && page.Records?.length === 0) return;
    ShardIterator = page.NextShardIterator;
    await delay(READ_INTERVAL_MS);
  }
}

/** When each visit came onto a stream, in epoch ms by its id; read when all is over, so that nothing is held up. */
export async function arrivalsOn(kinesisUrl: string, streamName: string): Promise<ReadonlyMap<string, number>> {
  const client = new KinesisClient({
    endpoint: kinesisUrl,
    region: REGION,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    requestHandler: new NodeHttpHandler(),
  });
  const arrivals = new Map<string, number>();
  try {
    const { Shards = [] } = await client.send(new ListShardsCommand({ StreamName: streamName }));
    for (const { ShardId = '' } of Shards)
      await readShard(client, streamName, ShardId, ({ Data, ApproximateArrivalTimestamp }) => {
        if (Data === undefined || ApproximateArrivalTimestamp === undefined) return;
        for (const [, id = ''] of Buffer.from(Data).toString('utf8').matchAll(STAY_ID))
          if (!arrivals.has(id)) arrivals.set(id, ApproximateArrivalTimestamp.getTime());
      });
    return arrivals;
  } finally {
    client.destroy();
  }
}
