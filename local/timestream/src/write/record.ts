import type { ColumnKind, StoredType } from '../store/catalog.ts';

/** A measure value as it is stored. */
export type MeasureValue = {
  column: string;
  kind: Exclude<ColumnKind, 'dimension'>;
  type: StoredType;
  value: string | bigint | number | boolean;
};

/** A valid record: dimensions are sorted by name, time is in nanoseconds. */
export type WriteRecord = {
  index: number;
  dimensions: readonly (readonly [name: string, value: string])[];
  measureName: string;
  timeNs: bigint;
  version: bigint;
  measures: readonly MeasureValue[];
};
