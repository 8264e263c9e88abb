import { validationError } from '../errors.ts';
import { requiredString } from '../protocol/shape.ts';
import { typeInfo } from '../query/datum.ts';
import { prepareStatement } from '../query/execute.ts';
import type { Operation } from './context.ts';

const MAX_QUERY_CHARACTERS = 262_144;

/** PrepareQuery, which as in the service only validates: nothing is kept. */
export const prepareQuery: Operation = async ({ body, region, clock }) => {
  const text = requiredString(body, 'QueryString', 'queryString');
  if (text.length > MAX_QUERY_CHARACTERS)
    throw validationError(`The query must not be longer than ${MAX_QUERY_CHARACTERS} characters.`);
  if (body['ValidateOnly'] !== true)
    throw validationError('PrepareQuery is only supported with ValidateOnly set to true.');
  const { columns, parameters } = await prepareStatement(region, text, clock.nowMs());
  return {
    QueryString: text,
    Columns: columns.map(({ name, type, source, isAliased }) => ({
      Name: name,
      Type: typeInfo(type),
      DatabaseName: source?.database,
      TableName: source?.table,
      Aliased: isAliased ?? false,
    })),
    Parameters: [...parameters].map(([name, type]) => ({ Name: name, Type: typeInfo(type) })),
  };
};
