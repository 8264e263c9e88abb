import {
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
  ListShardsCommand,
  ShardIteratorType,
} from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { TailPage, TailShardReader, TailStream } from './tail-stream.ts';

const RECORDS_PER_PAGE = 1_000;

/** Where the live tail is. */
export interface KinesisTailOptions {
  readonly region: string;
  readonly endpoint?: string;
  readonly stream: string;
}

function isNamed(error: unknown, ...names: readonly string[]): boolean {
  return error instanceof Error && names.includes(error.name);
}

class KinesisShardReader implements TailShardReader {
  readonly #client: KinesisClient;
  readonly #stream: string;
  readonly #shardId: string;
  #after: string | undefined;
  #iterator: string | undefined;

  constructor(client: KinesisClient, stream: string, shardId: string, after: string | undefined) {
    this.#client = client;
    this.#stream = stream;
    this.#shardId = shardId;
    this.#after = after;
  }

  async next(signal: AbortSignal): Promise<TailPage> {
    try {
      this.#iterator ??= await this.#open(signal);
      const command = new GetRecordsCommand({ ShardIterator: this.#iterator, Limit: RECORDS_PER_PAGE });
      const page = await this.#client.send(command, { abortSignal: signal });
      const last = page.Records?.at(-1)?.SequenceNumber;
      this.#after = last ?? this.#after;
      this.#iterator = page.NextShardIterator;
      const records = (page.Records ?? []).map(({ Data }) => Data ?? new Uint8Array());
      return { records, last, isEnd: page.NextShardIterator === undefined };
    } catch (error) {
      this.#iterator = undefined;
      throw error;
    }
  }

  async #open(signal: AbortSignal): Promise<string> {
    try {
      return await this.#iteratorAfter(this.#after, signal);
    } catch (error) {
      // The stream has forgotten the place, or is another one of the same name: what it still has comes next.
      if (this.#after === undefined || !isNamed(error, 'InvalidArgumentException', 'ResourceNotFoundException'))
        throw error;
      return this.#iteratorAfter(undefined, signal);
    }
  }

  async #iteratorAfter(after: string | undefined, signal: AbortSignal): Promise<string> {
    const command = new GetShardIteratorCommand({
      StreamName: this.#stream,
      ShardId: this.#shardId,
      ...(after === undefined
        ? { ShardIteratorType: ShardIteratorType.TRIM_HORIZON }
        : { ShardIteratorType: ShardIteratorType.AFTER_SEQUENCE_NUMBER, StartingSequenceNumber: after }),
    });
    const { ShardIterator } = await this.#client.send(command, { abortSignal: signal });
    if (ShardIterator === undefined) throw new Error(`Kinesis gave no iterator for ${this.#shardId}.`);
    return ShardIterator;
  }
}

/** The live tail on Amazon Kinesis, or on any server that speaks its protocol. */
export function createKinesisTailStream({ region, endpoint, stream }: KinesisTailOptions): TailStream {
  // The client's own handler speaks HTTP/2, which no local server understands.
  const local = endpoint === undefined ? {} : { endpoint, requestHandler: new NodeHttpHandler() };
  const client = new KinesisClient({ region, ...local });
  return {
    listShards: async () => {
      const shardIds: string[] = [];
      let token: string | undefined;
      do {
        const page = await client.send(
          new ListShardsCommand(token === undefined ? { StreamName: stream } : { NextToken: token }),
        );
        for (const { ShardId } of page.Shards ?? []) if (ShardId !== undefined) shardIds.push(ShardId);
        token = page.NextToken;
      } while (token !== undefined);
      return shardIds;
    },
    read: (shardId, after) => new KinesisShardReader(client, stream, shardId, after),
    close: () => {
      client.destroy();
    },
  };
}
