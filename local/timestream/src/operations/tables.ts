import { conflictError, quotaError, validationError } from '../errors.ts';
import type { BodyOf } from '../protocol/shapes.ts';
import type { PartitionKey, TableEntry } from '../store/catalog.ts';
import type { OperationContext, Operations } from './context.ts';
import { pageOf } from './listing.ts';
import { namedDatabase, namedTable, tableArn } from './names.ts';

type StoreSettings = Pick<TableEntry, 'memoryHours' | 'magneticDays' | 'magneticWrites' | 'magneticLocation'>;

type TableSettings = Pick<BodyOf<'UpdateTable'>, 'RetentionProperties' | 'MagneticStoreWriteProperties' | 'Schema'>;

const DEFAULTS: StoreSettings = { memoryHours: 6, magneticDays: 73_000, magneticWrites: false, magneticLocation: null };

/** CreateTable, DescribeTable, ListTables, UpdateTable, DeleteTable. */
export const tableOperations: Pick<
  Operations,
  'CreateTable' | 'DescribeTable' | 'ListTables' | 'UpdateTable' | 'DeleteTable'
> = {
  CreateTable: (context) =>
    context.region.lock.run(async () => {
      const database = namedDatabase(context).name;
      const name = context.body.TableName;
      if (context.region.catalog.table(database, name) !== undefined) {
        throw conflictError(`The table ${name} already exists.`);
      }
      const { catalog, quotas } = context.region;
      if (catalog.tableCount >= quotas.tables)
        throw quotaError(`The account can have at most ${quotas.tables} tables. Delete some first.`);
      const nowMs = context.clock.nowMs();
      const entry = await catalog.createTable({
        database,
        name,
        createdMs: nowMs,
        updatedMs: nowMs,
        ...readSettings(context.body, DEFAULTS),
        partitionKeys: readPartitionKeys(context.body),
        tags: context.body.Tags ?? [],
      });
      return { Table: describe(context, entry) };
    }),

  DescribeTable: (context) => Promise.resolve({ Table: describe(context, namedTable(context)) }),

  ListTables: (context) => {
    const { region, body } = context;
    const { DatabaseName } = body;
    const database =
      typeof DatabaseName === 'string' ? namedDatabase({ region, body: { DatabaseName } }).name : undefined;
    const all = region.catalog.tablesOf(database);
    const { page, nextToken } = pageOf(body, all, (entry) => `${entry.database}\u0000${entry.name}`);
    return Promise.resolve({ Tables: page.map((entry) => describe(context, entry)), NextToken: nextToken });
  },

  UpdateTable: async (context) => {
    const entry = await context.region.lock.run(async () => {
      const entry = namedTable(context);
      const given = readPartitionKeys(context.body);
      await context.region.catalog.updateTable(entry, {
        ...readSettings(context.body, entry),
        partitionKeys: given.length > 0 ? changedEnforcement(entry.partitionKeys, given) : entry.partitionKeys,
        updatedMs: context.clock.nowMs(),
      });
      return entry;
    });
    // A shorter retention acts at once.
    await context.region.deleteExpired(context.clock.nowMs());
    return { Table: describe(context, entry) };
  },

  DeleteTable: (context) =>
    context.region.lock.run(async () => {
      await context.region.catalog.dropTable(namedTable(context));
      return {};
    }),
};

function readSettings(body: TableSettings, before: StoreSettings): StoreSettings {
  const { RetentionProperties: retention, MagneticStoreWriteProperties: magnetic } = body;
  return {
    memoryHours: retention?.MemoryStoreRetentionPeriodInHours ?? before.memoryHours,
    magneticDays: retention?.MagneticStoreRetentionPeriodInDays ?? before.magneticDays,
    magneticWrites: magnetic?.EnableMagneticStoreWrites ?? before.magneticWrites,
    magneticLocation: magnetic ? (magnetic.MagneticStoreRejectedDataLocation ?? null) : before.magneticLocation,
  };
}

function readPartitionKeys(body: TableSettings): PartitionKey[] {
  const given = body.Schema?.CompositePartitionKey ?? [];
  if (given.length > 1) throw validationError('A table can have at most one partition key.');
  return given.map(({ Type, Name, EnforcementInRecord }) => {
    if (Type === 'MEASURE') return { Type };
    if (typeof Name !== 'string') throw validationError('A partition key of type DIMENSION needs a name.');
    return { Type, Name, EnforcementInRecord: EnforcementInRecord ?? 'OPTIONAL' };
  });
}

function changedEnforcement(before: readonly PartitionKey[], given: readonly PartitionKey[]): PartitionKey[] {
  const matches =
    before.length === given.length &&
    before.every((key, index) => key.Type === given[index]?.Type && key.Name === given[index].Name);
  if (!matches) throw validationError('Only the enforcement level of a partition key can be changed.');
  return [...given];
}

function describe(context: Pick<OperationContext, 'region'>, entry: TableEntry): unknown {
  const keys = entry.partitionKeys.length > 0 ? entry.partitionKeys : [{ Type: 'MEASURE' }];
  return {
    Arn: tableArn(context, entry),
    TableName: entry.name,
    DatabaseName: entry.database,
    TableStatus: 'ACTIVE',
    RetentionProperties: {
      MemoryStoreRetentionPeriodInHours: entry.memoryHours,
      MagneticStoreRetentionPeriodInDays: entry.magneticDays,
    },
    CreationTime: entry.createdMs / 1000,
    LastUpdatedTime: entry.updatedMs / 1000,
    MagneticStoreWriteProperties: {
      EnableMagneticStoreWrites: entry.magneticWrites,
      ...(entry.magneticLocation === null ? {} : { MagneticStoreRejectedDataLocation: entry.magneticLocation }),
    },
    Schema: { CompositePartitionKey: keys },
  };
}
