import { notFoundError, validationError } from '../errors.ts';
import { failConstraint, requiredString } from '../protocol/shape.ts';
import type { DatabaseEntry, TableEntry } from '../store/catalog.ts';
import { ACCOUNT_ID } from './context.ts';
import type { OperationContext } from './context.ts';

const NAME_PATTERN = /^[a-zA-Z0-9_.-]+$/;

/** A database or table name that is to be created. */
export function newName(context: OperationContext, member: 'DatabaseName' | 'TableName'): string {
  const path = member === 'DatabaseName' ? 'databaseName' : 'tableName';
  const name = requiredString(context.body, member, path);
  if (!NAME_PATTERN.test(name))
    failConstraint(name, path, 'Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+');
  if (name.length < 3 || name.length > 256) throw validationError(`The name ${name} must have 3 to 256 characters.`);
  return name;
}

/** The database that the request names. */
export function namedDatabase(context: OperationContext): DatabaseEntry {
  const name = requiredString(context.body, 'DatabaseName', 'databaseName');
  const found = context.region.catalog.databases.get(name);
  if (found === undefined) throw notFoundError(`The database ${name} does not exist.`);
  return found;
}

/** The table that the request names. */
export function namedTable(context: OperationContext): TableEntry {
  const database = namedDatabase(context);
  const name = requiredString(context.body, 'TableName', 'tableName');
  const found = context.region.catalog.table(database.name, name);
  if (found === undefined) throw notFoundError(`The table ${name} does not exist.`);
  return found;
}

/** ARN of a database. */
export const databaseArn = (context: OperationContext, database: string): string =>
  `arn:aws:timestream:${context.region.name}:${ACCOUNT_ID}:database/${database}`;

/** ARN of a table. */
export const tableArn = (context: OperationContext, table: TableEntry): string =>
  `${databaseArn(context, table.database)}/table/${table.name}`;
