import {
  CreateTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  ScanCommand,
  UpdateItemCommand,
  type AttributeValue,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';

import { LeaseLostError, type Lease, type LeaseStore } from '../ports/lease-store.ts';
import { waitJittered } from './full-jitter.ts';
import { isNamed } from './service-error.ts';

const CONTROL_BACKOFF = { baseMs: 50, capMs: 500 };
/** `owner` and `counter` are reserved words of DynamoDB, hence the names with #. */
const NAMES = { '#owner': 'owner', '#counter': 'counter' };
const NOBODY = '-';

/** Where the lease table is. */
export interface DynamodbLeaseOptions {
  readonly endpoint?: string | undefined;
  readonly region: string;
  readonly table: string;
  /** Told of every attempt to find or create the table that failed for a passing reason. */
  readonly onRetry?: (error: unknown, attempt: number) => void;
}

type Item = Record<string, AttributeValue>;

function leaseOf(item: Item): Lease {
  return {
    shardId: item['shard_id']?.S ?? '',
    owner: item['owner']?.S ?? NOBODY,
    counter: Number(item['counter']?.N ?? 0),
    generation: Number(item['generation']?.N ?? 0),
    checkpoint: item['checkpoint']?.S,
  };
}

class DynamodbLeaseStore implements LeaseStore {
  private readonly client: DynamoDBClient;
  private readonly table: string;
  private readonly onRetry: (error: unknown, attempt: number) => void;

  constructor({ endpoint, region, table, onRetry }: DynamodbLeaseOptions) {
    this.client = new DynamoDBClient({ region, ...(endpoint === undefined ? {} : { endpoint }) });
    this.table = table;
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
    try {
      return await this.update(shardId, {
        UpdateExpression: 'SET #owner = :owner ADD #counter :one, generation :one',
        ExpressionAttributeValues: {
          ':owner': { S: owner },
          ':one': { N: '1' },
          ...(observedCounter === undefined ? {} : { ':observed': { N: String(observedCounter) } }),
        },
        ...(observedCounter === undefined ? {} : { ConditionExpression: '#counter = :observed' }),
      });
    } catch (error) {
      if (isNamed(error, 'ConditionalCheckFailedException')) return undefined;
      throw error;
    }
  }

  renew(lease: Lease, checkpoint?: string): Promise<Lease> {
    return this.fenced(lease, lease.owner, checkpoint);
  }

  async release(lease: Lease): Promise<void> {
    await this.fenced(lease, NOBODY, undefined);
  }

  private async fenced(lease: Lease, owner: string, checkpoint: string | undefined): Promise<Lease> {
    try {
      return await this.update(lease.shardId, {
        UpdateExpression: `SET #owner = :next${checkpoint === undefined ? '' : ', #checkpoint = :checkpoint'} ADD #counter :one`,
        ConditionExpression: '#owner = :mine AND #counter = :counter',
        ExpressionAttributeValues: {
          ':next': { S: owner },
          ':mine': { S: lease.owner },
          ':counter': { N: String(lease.counter) },
          ':one': { N: '1' },
          ...(checkpoint === undefined ? {} : { ':checkpoint': { S: checkpoint } }),
        },
        ExpressionAttributeNames: checkpoint === undefined ? NAMES : { ...NAMES, '#checkpoint': 'checkpoint' },
      });
    } catch (error) {
      if (isNamed(error, 'ConditionalCheckFailedException')) throw new LeaseLostError(lease.shardId);
      throw error;
    }
  }

  private async update(shardId: string, input: Omit<UpdateItemCommandInput, 'TableName' | 'Key'>): Promise<Lease> {
    const { Attributes } = await this.client.send(
      new UpdateItemCommand({
        TableName: this.table,
        Key: { shard_id: { S: shardId } },
        ReturnValues: 'ALL_NEW',
        ExpressionAttributeNames: NAMES,
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
