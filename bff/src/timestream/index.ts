export { AwsTimestreamStore } from './aws-store.ts';
export type { AwsStoreOptions } from './aws-store.ts';
export { StoreError } from './port.ts';
export type { Cell, QueryCost, QueryOptions, Row, StoreErrorCode, TimeSeriesStore } from './port.ts';
