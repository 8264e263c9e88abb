import { validationError } from '../errors.ts';
import { typeInfo } from '../query/datum.ts';
import { prepareStatement } from '../query/execute.ts';
import type { Operations } from './context.ts';

/** PrepareQuery, which as in the service only validates: nothing is kept. */
export const prepareQuery: Operations['PrepareQuery'] = async ({ body, region, clock }) => {
  const text = body.QueryString;
  if (body.ValidateOnly !== true)
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
