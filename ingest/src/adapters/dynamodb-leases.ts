import {
  CreateTableCommand,
  DeleteItemCommand,
  DescribeTableCommand,
  DynamoDBClient,
  GetItemCommand,
  ScanCommand,
  UpdateItemCommand,
  type AttributeValue,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { NodeHttpHandler } from '@smithy/node-http-handler';

import { LeaseLostError, NOBODY, type Lease, type LeaseStore } from '../ports/lease-store.ts';
import { waitJittered } from './full-jitter.ts';
import { isNamed } from './service-error.ts';

const CONTROL_BACKOFF = { baseMs: 50, capMs: 500 };
/** A call that hangs must not outlast the lease it should keep. */
const TIMEOUTS = { connectionTimeout: 1000, requestTimeout: 2000, throwOnRequestTimeout: true };
/** `owner` and `counter` are reserved words of DynamoDB, hence the names with #. */
const NAMES = { '#owner': 'owner', '#counter': 'counter' };

/** Where the lease table is. */
export interface DynamodbLeaseOptions {
  readonly endpoint?: string | undefined;
  readonly region: string;
  readonly table: string;
  /** False only in the negative control `no-fencing`: every write succeeds, whoever has the lease. */
  readonly isFenced?: boolean;
  /** Told of every attempt to find or create the table that failed for a passing reason. */
  readonly onRetry?: (error: unknown, attempt: number) => void;
}

type Item = Record<string, AttributeValue>;
type Update = Omit<UpdateItemCommandInput, 'TableName' | 'Key'>;

/** What an owner writes of its lease. */
interface OwnWrite {
  readonly nextOwner: string;
  readonly checkpoint: string | undefined;
  readonly watermarkMs: number | undefined;
}

function numberIn(item: Item, name: string): number | undefined {
  const text = item[name]?.N;
  return text === undefined ? undefined : Number(text);
}

function leaseOf(item: Item): Lease {
  return {
    shardId: item['shard_id']?.S ?? '',
    owner: item['owner']?.S ?? NOBODY,
    counter: numberIn(item, 'counter') ?? 0,
    generation: numberIn(item, 'generation') ?? 0,
    checkpoint: item['checkpoint']?.S,
    watermarkMs: numberIn(item, 'watermark_ms'),
    wantedBy: item['wanted_by']?.S,
  };
}

function ownUpdate(lease: Lease, { nextOwner, checkpoint, watermarkMs }: OwnWrite, isFenced: boolean): Update {
  const values: Item = { ':next': { S: nextOwner }, ':one': { N: '1' } };
  const sets = ['#owner = :next'];
  const set = (name: string, value: AttributeValue | undefined): void => {
    if (value === undefined) return;
    sets.push(`${name} = :${name}`);
    values[`:${name}`] = value;
  };
  set('checkpoint', checkpoint === undefined ? undefined : { S: checkpoint });
  set('watermark_ms', watermarkMs === undefined ? undefined : { N: String(watermarkMs) });
  return {
    UpdateExpression: `SET ${sets.join(', ')} ADD #counter :one`,
    ExpressionAttributeNames: NAMES,
    ...(isFenced
      ? {
          ConditionExpression: '#owner = :mine AND #counter = :counter',
          ExpressionAttributeValues: {
            ...values,
            ':mine': { S: lease.owner },
            ':counter': { N: String(lease.counter) },
          },
        }
      : { ExpressionAttributeValues: values }),
  };
}

class DynamodbLeaseStore implements LeaseStore {
  private readonly client: DynamoDBClient;
  private readonly table: string;
  private readonly isFenced: boolean;
  private readonly onRetry: (error: unknown, attempt: number) => void;

  constructor({ endpoint, region, table, isFenced, onRetry }: DynamodbLeaseOptions) {
    this.client = new DynamoDBClient({
      region,
      // Rounds, renewals and checkpoints each repeat themselves, in their own time.
      maxAttempts: 1,
      requestHandler: new NodeHttpHandler(TIMEOUTS),
      ...(endpoint === undefined ? {} : { endpoint }),
    });
    this.table = table;
    this.isFenced = isFenced ?? true;
    this.onRetry = onRetry ?? ((): void => undefined);
  }

  close(): void {
    this.client.destroy();
  }

  async ensure(signal?: AbortSignal): Promise<void> {
    for (let attempt = 0; ; attempt += 1) {
      try {
        const { Table } = await this.client.send(new DescribeTableCommand({ TableName: this.table }));
        if (Table?.TableStatus === 'ACTIVE') return;
      } catch (error) {
        if (isNamed(error, 'ResourceNotFoundException')) await this.create();
        else if (isNamed(error, 'ValidationException', 'AccessDeniedException')) throw error;
        else this.onRetry(error, attempt);
      }
      signal?.throwIfAborted();
      await waitJittered(attempt, CONTROL_BACKOFF, signal);
    }
  }

  async list(): Promise<Lease[]> {
    const leases: Lease[] = [];
    let start: Item | undefined;
    do {
      const page = await this.client.send(
        new ScanCommand({
          TableName: this.table,
          ConsistentRead: true,
          ...(start === undefined ? {} : { ExclusiveStartKey: start }),
        }),
      );
      for (const item of page.Items ?? []) leases.push(leaseOf(item));
      start = page.LastEvaluatedKey;
    } while (start !== undefined);
    return leases;
  }

  async take(shardId: string, owner: string, observedCounter?: number): Promise<Lease | undefined> {
    const isNew = observedCounter === undefined;
    try {
      return await this.update(shardId, {
        UpdateExpression: 'SET #owner = :owner REMOVE wanted_by ADD #counter :one, generation :one',
        ConditionExpression: isNew ? 'attribute_not_exists(shard_id)' : '#counter = :observed',
        ExpressionAttributeNames: NAMES,
        ExpressionAttributeValues: {
          ':owner': { S: owner },
          ':one': { N: '1' },
          ...(isNew ? {} : { ':observed': { N: String(observedCounter) } }),
        },
      });
    } catch (error) {
      if (isNamed(error, 'ConditionalCheckFailedException')) return undefined;
      throw error;
    }
  }

  renew(lease: Lease, checkpoint?: string, watermarkMs?: number): Promise<Lease> {
    return this.writeOwn(lease, { nextOwner: lease.owner, checkpoint, watermarkMs });
  }

  async release(lease: Lease, watermarkMs?: number): Promise<void> {
    await this.writeOwn(lease, { nextOwner: NOBODY, checkpoint: undefined, watermarkMs });
  }

  async want({ shardId, owner }: Lease, by: string): Promise<boolean> {
    try {
      // The counter is the owner's: who asks leaves it alone, or a renewal in flight would look like a loss.
      await this.update(shardId, {
        UpdateExpression: 'SET wanted_by = :by',
        ConditionExpression: '#owner = :owner AND attribute_not_exists(wanted_by)',
        ExpressionAttributeNames: { '#owner': 'owner' },
        ExpressionAttributeValues: { ':by': { S: by }, ':owner': { S: owner } },
      });
      return true;
    } catch (error) {
      if (isNamed(error, 'ConditionalCheckFailedException')) return false;
      throw error;
    }
  }

  async remove({ shardId, counter }: Lease): Promise<boolean> {
    try {
      await this.client.send(
        new DeleteItemCommand({
          TableName: this.table,
          Key: { shard_id: { S: shardId } },
          ConditionExpression: '#counter = :observed',
          ExpressionAttributeNames: { '#counter': 'counter' },
          ExpressionAttributeValues: { ':observed': { N: String(counter) } },
        }),
      );
      return true;
    } catch (error) {
      if (isNamed(error, 'ConditionalCheckFailedException')) return false;
      throw error;
    }
  }

  /** Writes under the fence. A write whose reply was lost moved the counter: then the row tells whose move it was. */
  private async writeOwn(lease: Lease, write: OwnWrite): Promise<Lease> {
    for (let known = lease; ;) {
      try {
        return await this.update(lease.shardId, ownUpdate(known, write, this.isFenced));
      } catch (error) {
        if (!isNamed(error, 'ConditionalCheckFailedException')) throw error;
        const found = await this.find(lease.shardId);
        // Whoever takes a lease starts a generation; within ours, nobody but us has written.
        if (found?.generation !== lease.generation) throw new LeaseLostError(lease.shardId);
        if (found.owner !== lease.owner) return found;
        known = found;
      }
    }
  }

  private async find(shardId: string): Promise<Lease | undefined> {
    const { Item } = await this.client.send(
      new GetItemCommand({ TableName: this.table, Key: { shard_id: { S: shardId } }, ConsistentRead: true }),
    );
    return Item === undefined ? undefined : leaseOf(Item);
  }

  private async update(shardId: string, input: Update): Promise<Lease> {
    const { Attributes } = await this.client.send(
      new UpdateItemCommand({
        TableName: this.table,
        Key: { shard_id: { S: shardId } },
        ReturnValues: 'ALL_NEW',
        ...input,
      }),
    );
    return leaseOf(Attributes ?? {});
  }

  private async create(): Promise<void> {
    try {
      await this.client.send(
        new CreateTableCommand({
          TableName: this.table,
          AttributeDefinitions: [{ AttributeName: 'shard_id', AttributeType: 'S' }],
          KeySchema: [{ AttributeName: 'shard_id', KeyType: 'HASH' }],
          BillingMode: 'PAY_PER_REQUEST',
        }),
      );
    } catch (error) {
      if (!isNamed(error, 'ResourceInUseException')) throw error;
    }
  }
}

/** Leases on Amazon DynamoDB, or on any server that speaks its protocol. */
export function createDynamodbLeases(options: DynamodbLeaseOptions): LeaseStore {
  return new DynamodbLeaseStore(options);
}
