import { decodeStreamRecord } from '../../core/stream-record.ts';
import type { EventStream, ShardInfo, ShardReader, StreamEntry } from '../../ports/event-stream.ts';

/** An event on the stream: for whom, and what. */
export interface Streamed {
  readonly territoryId: number;
  readonly key: string;
  readonly event: Readonly<Record<string, unknown>>;
}

/** Double of a stream that can be shut: puts then wait until it opens, as with a client that retries. */
export class GatedStream implements EventStream {
  readonly entries: StreamEntry[] = [];
  private gate: Promise<void> | undefined;
  private openGate: () => void = () => undefined;

  shut(): void {
    this.gate ??= new Promise((resolve) => {
      this.openGate = resolve;
    });
  }

  open(): void {
    this.gate = undefined;
    this.openGate();
  }

  /** What was put, decoded. */
  get streamed(): Streamed[] {
    return this.entries.map(({ data, partitionKey }) => {
      const { header, bytes } = decodeStreamRecord(data);
      return {
        territoryId: header?.territoryId ?? -1,
        key: partitionKey,
        event: JSON.parse(bytes.toString()) as Record<string, unknown>,
      };
    });
  }

  /** Events of ours of a type. */
  ofType(type: string): Streamed[] {
    return this.streamed.filter(({ event }) => event['type'] === type);
  }

  async put(entries: readonly StreamEntry[], signal?: AbortSignal): Promise<void> {
    const aborted = new Promise<never>((_, reject) => {
      signal?.addEventListener('abort', () => {
        reject(new Error('aborted'));
      });
    });
    aborted.catch(() => undefined);
    while (this.gate !== undefined) await Promise.race([this.gate, aborted]);
    this.entries.push(...entries);
  }

  ensure(): Promise<void> {
    return Promise.resolve();
  }

  listShards(): Promise<ShardInfo[]> {
    return Promise.resolve([]);
  }

  read(): ShardReader {
    throw new Error('Nobody reads this stream.');
  }

  close(): void {
    this.open();
  }
}
