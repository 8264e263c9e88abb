import { accountSettingsOperations } from './account-settings.ts';
import type { Operation } from './context.ts';
import { databaseOperations } from './databases.ts';
import { describeEndpoints } from './describe-endpoints.ts';
import { prepareQuery } from './prepare-query.ts';
import { createQueryOperations } from './query.ts';
import type { QueryOptions } from './query.ts';
import { tableOperations } from './tables.ts';
import { tagOperations } from './tags.ts';
import { unsupportedOperations } from './unsupported.ts';
import { writeRecords } from './write-records.ts';

/** Every operation by its name. */
export function operationsOf(queries: QueryOptions): ReadonlyMap<string, Operation> {
  return new Map(
    Object.entries({
      DescribeEndpoints: describeEndpoints,
      WriteRecords: writeRecords,
      ...databaseOperations,
      ...tableOperations,
      ...tagOperations,
      ...accountSettingsOperations,
      ...unsupportedOperations,
      PrepareQuery: prepareQuery,
      ...createQueryOperations(queries),
    }),
  );
}
