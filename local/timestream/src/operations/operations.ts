import { accountSettingsOperations } from './account-settings.ts';
import { SHAPES } from '../protocol/shapes.ts';
import type { OperationName } from '../protocol/shapes.ts';
import { validate } from '../protocol/validate.ts';
import type { Operation, Operations } from './context.ts';
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
  const operations: Operations = {
    DescribeEndpoints: describeEndpoints,
    WriteRecords: writeRecords,
    ...databaseOperations,
    ...tableOperations,
    ...tagOperations,
    ...accountSettingsOperations,
    PrepareQuery: prepareQuery,
    ...createQueryOperations(queries),
  };
  const names = Object.keys(operations) as OperationName[];
  return new Map([
    ...names.map((name): [string, Operation] => [name, checked(name, operations)]),
    ...Object.entries(unsupportedOperations),
  ]);
}

/** The operation behind the check of its body. WriteRecords checks for itself, as it reads its records. */
function checked(name: OperationName, operations: Operations): Operation {
  // What was checked against the shapes of an operation is of the type of its body.
  const operation = operations[name] as Operation;
  return async (context) => {
    if (name !== 'WriteRecords') validate(SHAPES[name], context.body);
    return operation(context);
  };
}
