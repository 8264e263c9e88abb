import { conflictError, validationError } from '../errors.ts';
import { asArray, asObject, oneOf, optionalInteger, optionalString, requiredString } from '../protocol/shape.ts';
import type { JsonObject } from '../protocol/shape.ts';
import type { PartitionKey, TableEntry } from '../store/catalog.ts';
import type { Operation, OperationContext } from './context.ts';
import { pageOf } from './listing.ts';
import { namedDatabase, namedTable, newName, tableArn } from './names.ts';
import { readTags } from './tags.ts';

type StoreSettings = Pick<TableEntry, 'memoryHours' | 'magneticDays' | 'magneticWrites' | 'magneticLocation'>;

const DEFAULTS: StoreSettings = { memoryHours: 6, magneticDays: 73_000, magneticWrites: false, magneticLocation: null };

/** CreateTable, DescribeTable, ListTables, UpdateTable, DeleteTable. */
export const tableOperations: Record<string, Operation> = {
  CreateTable: (context) =>
    context.region.lock.run(async () => {
      const database = namedDatabase(context).name;
      const name = newName(context, 'TableName');
      if (context.region.catalog.table(database, name) !== undefined) {
        throw conflictError(`The table ${name} already exists.`);
      }
      const nowMs = context.clock.nowMs();
      const entry = await context.region.catalog.createTable({
        database,
        name,
        createdMs: nowMs,
        updatedMs: nowMs,
        ...readSettings(context.body, DEFAULTS),
        partitionKeys: readPartitionKeys(context.body),
        tags: readTags(context.body['Tags']),
      });
      return { Table: describe(context, entry) };
    }),

  DescribeTable: (context) => Promise.resolve({ Table: describe(context, namedTable(context)) }),

  ListTables: (context) => {
    const database =
      optionalString(context.body, 'DatabaseName', 'databaseName') === undefined
        ? undefined
        : namedDatabase(context).name;
    const all = context.region.catalog.tablesOf(database);
    const { page, nextToken } = pageOf(context.body, all, (entry) => `${entry.database}\u0000${entry.name}`);
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

function readSettings(body: JsonObject, before: StoreSettings): StoreSettings {
  const settings: StoreSettings = {
    memoryHours: before.memoryHours,
    magneticDays: before.magneticDays,
    magneticWrites: before.magneticWrites,
    magneticLocation: before.magneticLocation,
  };
  if (body['RetentionProperties'] !== undefined && body['RetentionProperties'] !== null) {
    const retention = asObject(body['RetentionProperties'], 'retentionProperties');
    settings.memoryHours =
      optionalInteger(
        retention,
        'MemoryStoreRetentionPeriodInHours',
        'retentionProperties.memoryStoreRetentionPeriodInHours',
        1,
        8766,
      ) ?? before.memoryHours;
    settings.magneticDays =
      optionalInteger(
        retention,
        'MagneticStoreRetentionPeriodInDays',
        'retentionProperties.magneticStoreRetentionPeriodInDays',
        1,
        73_000,
      ) ?? before.magneticDays;
  }
  if (body['MagneticStoreWriteProperties'] !== undefined && body['MagneticStoreWriteProperties'] !== null) {
    const magnetic = asObject(body['MagneticStoreWriteProperties'], 'magneticStoreWriteProperties');
    settings.magneticWrites = magnetic['EnableMagneticStoreWrites'] === true;
    settings.magneticLocation = magnetic['MagneticStoreRejectedDataLocation'] ?? null;
  }
  return settings;
}

function readPartitionKeys(body: JsonObject): PartitionKey[] {
  if (body['Schema'] === undefined || body['Schema'] === null) return [];
  const schema = asObject(body['Schema'], 'schema');
  const keys = asArray(schema['CompositePartitionKey'], 'schema.compositePartitionKey').map(
    (value, index): PartitionKey => {
      const path = `schema.compositePartitionKey.${index + 1}.member`;
      const key = asObject(value, path);
      const type = oneOf(key['Type'], ['DIMENSION', 'MEASURE'], `${path}.type`, 'MEASURE');
      if (type === 'MEASURE') return { Type: type };
      const enforcement = oneOf(
        key['EnforcementInRecord'],
        ['REQUIRED', 'OPTIONAL'],
        `${path}.enforcementInRecord`,
        'OPTIONAL',
      );
      return { Type: type, Name: requiredString(key, 'Name', `${path}.name`), EnforcementInRecord: enforcement };
    },
  );
  if (keys.length > 1) throw validationError('A table can have at most one partition key.');
  return keys;
}

function changedEnforcement(before: readonly PartitionKey[], given: readonly PartitionKey[]): PartitionKey[] {
  const matches =
    before.length === given.length &&
    before.every((key, index) => key.Type === given[index]?.Type && key.Name === given[index].Name);
  if (!matches) throw validationError('Only the enforcement level of a partition key can be changed.');
  return [...given];
}

function describe(context: OperationContext, entry: TableEntry): unknown {
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
