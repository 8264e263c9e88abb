import { validationError } from '../errors.ts';
import type { Operation } from './context.ts';

/** Operations of the service that this server does not have, which is something else than a name nobody knows. */
export const UNSUPPORTED_OPERATIONS = [
  'CreateBatchLoadTask',
  'DescribeBatchLoadTask',
  'ListBatchLoadTasks',
  'ResumeBatchLoadTask',
  'CreateScheduledQuery',
  'DeleteScheduledQuery',
  'DescribeScheduledQuery',
  'ExecuteScheduledQuery',
  'ListScheduledQueries',
  'UpdateScheduledQuery',
] as const;

/** Each says so. */
export const unsupportedOperations: Record<string, Operation> = Object.fromEntries(
  UNSUPPORTED_OPERATIONS.map((name): [string, Operation] => [
    name,
    () => Promise.reject(validationError(`The operation ${name} is not supported by timestream-local.`)),
  ]),
);
