import type { LiveTailRecord } from '@lumina/contracts';

import type { EventStream } from '../ports/event-stream.ts';
import type { LiveTail } from '../ports/live-tail.ts';

/** The live tail as a stream of its own; records of one source keep their order. */
export function createStreamLiveTail(stream: EventStream): LiveTail {
  return {
    ensure: (signal) => stream.ensure(signal),
    publish: (records: readonly LiveTailRecord[], signal) =>
      stream.put(
        records.map((record) => ({ data: Buffer.from(JSON.stringify(record)), partitionKey: record.source })),
        signal,
      ),
    close: () => {
      stream.close();
    },
  };
}
