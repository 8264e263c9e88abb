import { TimestreamWriteClient, WriteRecordsCommand, type _Record } from '@aws-sdk/client-timestream-write';
import type { KinesisEvent } from '@lumina/ingest';

interface CallEvent {
  readonly eventType: string;
  readonly timestamp: string;
  readonly territoryId: number;
  readonly regionId: number;
  readonly duration?: number;
}

/** The record of an event as the original product made it: what it loses is not measured here. */
function recordOf(event: CallEvent): _Record {
  return {
    Dimensions: [
      { Name: 'territory_id', Value: String(event.territoryId) },
      { Name: 'region_id', Value: String(event.regionId) },
      { Name: 'event_type', Value: event.eventType },
    ],
    MeasureName: 'call_metric',
    MeasureValue: event.duration === undefined ? '1' : String(event.duration),
    MeasureValueType: 'DOUBLE',
    Time: String(new Date(event.timestamp).getTime()),
    TimeUnit: 'MILLISECONDS',
  };
}

/** A handler as the original product's: one event, one write, the stock client. */
export function createNaiveHandler(endpoint: string): (event: KinesisEvent) => Promise<void> {
  const client = new TimestreamWriteClient({ endpoint, region: 'eu-west-1' });
  return async ({ Records }) => {
    for (const { kinesis } of Records) {
      const event = JSON.parse(Buffer.from(kinesis.data, 'base64').toString()) as CallEvent;
      const record = recordOf(event);
      await client.send(
        new WriteRecordsCommand({ DatabaseName: 'lumina', TableName: 'call_metrics', Records: [record] }),
      );
    }
  };
}
