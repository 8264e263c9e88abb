import {
  DATABASE,
  MAGNETIC_RETENTION_DAYS,
  MEMORY_RETENTION_HOURS,
  PARTITION_DIMENSION,
  TABLES,
} from '@lumina/contracts';
import {
  CreateDatabaseCommand,
  CreateTableCommand,
  type TimestreamWriteClient,
} from '@aws-sdk/client-timestream-write';

import type { StoreCallOptions } from '../ports/record-store.ts';
import { waitJittered } from './full-jitter.ts';
import { isNamed } from './service-error.ts';

/** Timestream allows one such call a second, and other workers make them too. */
const CONTROL_BACKOFF = { baseMs: 250, capMs: 5000 };

/** How the caller waits, and what it is told of attempts that failed for a passing reason. */
interface EnsureOptions extends StoreCallOptions {
  readonly onRetry: (error: unknown, attempt: number) => void;
  /** S3 bucket for the service's reports on late rows that it dropped; absent = it makes none. */
  readonly rejectedBucket?: string | undefined;
}

async function createUnlessPresent(create: () => Promise<unknown>, options: EnsureOptions): Promise<void> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      await create();
      return;
    } catch (error) {
      if (isNamed(error, 'ConflictException')) return;
      if (isNamed(error, 'ValidationException', 'AccessDeniedException')) throw error;
      options.signal?.throwIfAborted();
      options.onRetry(error, attempt);
      await waitJittered(attempt, CONTROL_BACKOFF, options.signal);
    }
  }
}

/** Creates the database and its tables where missing. The partition key can only be set here. */
export async function ensureTimestreamTables(client: TimestreamWriteClient, options: EnsureOptions): Promise<void> {
  await createUnlessPresent(() => client.send(new CreateDatabaseCommand({ DatabaseName: DATABASE })), options);
  for (const table of TABLES) {
    const command = new CreateTableCommand({
      DatabaseName: DATABASE,
      TableName: table,
      RetentionProperties: {
        MemoryStoreRetentionPeriodInHours: MEMORY_RETENTION_HOURS,
        MagneticStoreRetentionPeriodInDays: MAGNETIC_RETENTION_DAYS,
      },
      MagneticStoreWriteProperties: {
        EnableMagneticStoreWrites: true,
        ...(options.rejectedBucket === undefined
          ? {}
          : {
              MagneticStoreRejectedDataLocation: {
                S3Configuration: { BucketName: options.rejectedBucket, EncryptionOption: 'SSE_S3' },
              },
            }),
      },
      Schema: {
        CompositePartitionKey: [{ Type: 'DIMENSION', Name: PARTITION_DIMENSION, EnforcementInRecord: 'REQUIRED' }],
      },
    });
    await createUnlessPresent(() => client.send(command), options);
  }
}
