import { conflictError, quotaError, validationError } from '../errors.ts';
import type { DatabaseEntry } from '../store/catalog.ts';
import { ACCOUNT_ID } from './context.ts';
import type { OperationContext, Operations } from './context.ts';
import { pageOf } from './listing.ts';
import { databaseArn, namedDatabase } from './names.ts';

/** CreateDatabase, DescribeDatabase, ListDatabases, UpdateDatabase, DeleteDatabase. */
export const databaseOperations: Pick<
  Operations,
  'CreateDatabase' | 'DescribeDatabase' | 'ListDatabases' | 'UpdateDatabase' | 'DeleteDatabase'
> = {
  CreateDatabase: (context) =>
    context.region.lock.run(async () => {
      const name = context.body.DatabaseName;
      const { catalog, quotas } = context.region;
      if (catalog.databases.has(name)) throw conflictError(`The database ${name} already exists.`);
      if (catalog.databases.size >= quotas.databases)
        throw quotaError(`The account can have at most ${quotas.databases} databases. Delete some first.`);
      const nowMs = context.clock.nowMs();
      const defaultKey = `arn:aws:kms:${context.region.name}:${ACCOUNT_ID}:key/timestream-local`;
      const kmsKeyId = context.body.KmsKeyId ?? defaultKey;
      const entry: DatabaseEntry = {
        name,
        createdMs: nowMs,
        updatedMs: nowMs,
        kmsKeyId,
        tags: context.body.Tags ?? [],
      };
      await catalog.putDatabase(entry);
      return { Database: describe(context, entry) };
    }),

  DescribeDatabase: (context) => Promise.resolve({ Database: describe(context, namedDatabase(context)) }),

  ListDatabases: (context) => {
    const all = [...context.region.catalog.databases.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
    const { page, nextToken } = pageOf(context.body, all, (entry) => entry.name);
    return Promise.resolve({ Databases: page.map((entry) => describe(context, entry)), NextToken: nextToken });
  },

  UpdateDatabase: (context) =>
    context.region.lock.run(async () => {
      const kmsKeyId = context.body.KmsKeyId;
      const entry = { ...namedDatabase(context), kmsKeyId, updatedMs: context.clock.nowMs() };
      await context.region.catalog.putDatabase(entry);
      return { Database: describe(context, entry) };
    }),

  DeleteDatabase: (context) =>
    context.region.lock.run(async () => {
      const { name } = namedDatabase(context);
      if (context.region.catalog.tablesOf(name).length > 0) {
        throw validationError(`The database ${name} cannot be deleted because it contains tables. Delete them first.`);
      }
      await context.region.catalog.dropDatabase(name);
      return {};
    }),
};

function describe(context: Pick<OperationContext, 'region'>, entry: DatabaseEntry): unknown {
  return {
    Arn: databaseArn(context, entry.name),
    DatabaseName: entry.name,
    TableCount: context.region.catalog.tablesOf(entry.name).length,
    KmsKeyId: entry.kmsKeyId,
    CreationTime: entry.createdMs / 1000,
    LastUpdatedTime: entry.updatedMs / 1000,
  };
}
