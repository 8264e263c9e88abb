import { notFoundError } from '../errors.ts';
import type { DatabaseEntry, TableEntry } from '../store/catalog.ts';
import { ACCOUNT_ID } from './context.ts';
import type { OperationContext } from './context.ts';

type Here = Pick<OperationContext, 'region'>;

/** The database that the request names. */
export function namedDatabase({ region, body }: Here & { body: { DatabaseName: string } }): DatabaseEntry {
  const name = body.DatabaseName;
  const found = region.catalog.databases.get(name);
  if (found === undefined) throw notFoundError(`The database ${name} does not exist.`);
  return found;
}

/** The table that the request names. */
export function namedTable(context: Here & { body: { DatabaseName: string; TableName: string } }): TableEntry {
  const database = namedDatabase(context);
  const name = context.body.TableName;
  const found = context.region.catalog.table(database.name, name);
  if (found === undefined) throw notFoundError(`The table ${name} does not exist.`);
  return found;
}

/** ARN of a database. */
export const databaseArn = (context: Here, database: string): string =>
  `arn:aws:timestream:${context.region.name}:${ACCOUNT_ID}:database/${database}`;

/** ARN of a table. */
export const tableArn = (context: Here, table: TableEntry): string =>
  `${databaseArn(context, table.database)}/table/${table.name}`;
