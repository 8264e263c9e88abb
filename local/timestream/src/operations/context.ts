import type { Clock } from '../clock.ts';
import type { JsonObject } from '../protocol/shape.ts';
import type { BodyOf, OperationName } from '../protocol/shapes.ts';
import type { ApiRequest } from '../protocol/request.ts';
import type { Region } from '../store/region.ts';
import type { ServerMetrics } from './metrics.ts';

/** What an operation gets. */
export type OperationContext<B = JsonObject> = {
  request: ApiRequest;
  body: B;
  region: Region;
  clock: Clock;
  metrics: ServerMetrics;
};
/** An operation: answers the body of its reply or throws a ServiceError. */
export type Operation = (context: OperationContext) => Promise<unknown>;
/** Every operation that has shapes, which its body was checked against. */
export type Operations = { [N in OperationName]: (context: OperationContext<BodyOf<N>>) => Promise<unknown> };

/** The one account of a local server. */
export const ACCOUNT_ID = '000000000000';
