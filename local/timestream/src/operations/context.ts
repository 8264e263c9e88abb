import type { Clock } from '../clock.ts';
import type { JsonObject } from '../protocol/shape.ts';
import type { ApiRequest } from '../protocol/request.ts';
import type { Region } from '../store/region.ts';
import type { ServerMetrics } from './metrics.ts';

/** What an operation gets. */
export type OperationContext = {
  request: ApiRequest;
  body: JsonObject;
  region: Region;
  clock: Clock;
  metrics: ServerMetrics;
};
/** An operation: answers the body of its reply or throws a ServiceError. */
export type Operation = (context: OperationContext) => Promise<unknown>;

/** The one account of a local server. */
export const ACCOUNT_ID = '000000000000';
