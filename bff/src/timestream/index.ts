import { AwsTimestreamStore } from './aws-store.ts';
import type { AwsStoreOptions } from './aws-store.ts';

export { AwsTimestreamStore } from './aws-store.ts';
export type { AwsStoreOptions } from './aws-store.ts';
export { StoreError } from './port.ts';
export type { Cell, QueryOptions, Row, StoreErrorCode, TimeSeriesStore } from './port.ts';

const LOCAL_CREDENTIALS = { accessKeyId: 'local', secretAccessKey: 'local' };

/**
 * The metric store for tools that run beside a local stack: at an endpoint of one's own the credentials are checked by
 * nobody, but the client signs with some.
 */
export function createTimestreamStore(options: AwsStoreOptions): AwsTimestreamStore {
  const isLocal = options.endpoint !== undefined;
  return new AwsTimestreamStore(isLocal ? { credentials: LOCAL_CREDENTIALS, ...options } : options);
}
