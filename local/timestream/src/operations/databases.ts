import { conflictError, validationError } from '../errors.ts';
import { optionalString, requiredString } from '../protocol/shape.ts';
import type { DatabaseEntry } from '../store/catalog.ts';
import { ACCOUNT_ID } from './context.ts';
import type { Operation, OperationContext } from './context.ts';
import { pageOf } from './listing.ts';
import { databaseArn, namedDatabase, newName } from './names.ts';
import { readTags } from './tags.ts';

/** CreateDatabase, DescribeDatabase, ListDatabases, UpdateDatabase, DeleteDatabase. */
export const databaseOperations: Record<string, Operation> = {
  CreateDatabase: (context) =>
    context.region.lock.run(async () => {
      const name = newName(context, 'DatabaseName');
      const { catalog } = context.region;
      if (catalog.databases.has(name)) throw conflictError(`The database ${name} already exists.`);
      const nowMs = context.clock.nowMs();
      const defaultKey = `arn:aws:kms:${context.region.name}:${ACCOUNT_ID}:key/timestream-local`;
      const kmsKeyId = optionalString(context.body, 'KmsKeyId', 'kmsKeyId') ?? defaultKey;
      const entry: DatabaseEntry = {
        name,
        createdMs: nowMs,
        updatedMs: nowMs,
        kmsKeyId,
        tags: readTags(context.body['Tags']),
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
      const kmsKeyId = requiredString(context.body, 'KmsKeyId', 'kmsKeyId');
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

function describe(context: OperationContext, entry: DatabaseEntry): unknown {
  return {
    Arn: databaseArn(context, entry.name),
    DatabaseName: entry.name,
    TableCount: context.region.catalog.tablesOf(entry.name).length,
    KmsKeyId: entry.kmsKeyId,
    CreationTime: entry.createdMs / 1000,
    LastUpdatedTime: entry.updatedMs / 1000,
  };
}
