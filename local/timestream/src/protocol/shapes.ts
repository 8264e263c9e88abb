import type { Members, StructureOf } from './shape-types.ts';

/** Most records of one call. */
export const MAX_RECORDS = 100;
/** Most dimensions of one record. */
export const MAX_DIMENSIONS = 128;
/** Most measures of one MULTI record. */
export const MAX_MEASURES = 256;
/** Longest name of a dimension, in bytes. */
export const MAX_DIMENSION_NAME_BYTES = 60;
/** Longest name of a measure, in bytes. */
export const MAX_NAME_BYTES = 256;
/** Longest value of a dimension or a measure, in bytes. */
export const MAX_VALUE_BYTES = 2048;
/** Most tags of one resource. */
export const MAX_TAGS = 200;
/** Largest page of a listing. */
export const MAX_RESULTS = 20;

/** Types of a value in a MULTI record. */
export const MULTI_TYPES = ['DOUBLE', 'BIGINT', 'VARCHAR', 'BOOLEAN', 'TIMESTAMP'] as const;
/** Types of a record. */
export const MEASURE_TYPES = [...MULTI_TYPES, 'MULTI'] as const;
/** Units of a record's time. */
export const TIME_UNITS = ['MILLISECONDS', 'SECONDS', 'MICROSECONDS', 'NANOSECONDS'] as const;
/** Types of a dimension. */
export const DIMENSION_TYPES = ['VARCHAR'] as const;

const NAME_PATTERN = '[a-zA-Z0-9_.-]+';
const boolean = { type: 'boolean' } as const;
const text = { type: 'string' } as const;
const enumOf = <const V extends readonly string[]>(values: V): { type: 'string'; values: V } => ({
  type: 'string',
  values,
});
const integer = <const B extends object>(bounds: B): { type: 'integer' } & B => ({ type: 'integer', ...bounds });
const sized = <const B extends object>(bounds: B): { type: 'string' } & B => ({ type: 'string', ...bounds });
const listOf = <const S, const B extends object>(of: S, bounds: B): { type: 'list'; of: S } & B => ({
  type: 'list',
  of,
  ...bounds,
});
const structure = <const M extends Members>(members: M): { type: 'structure'; members: M } => ({
  type: 'structure',
  members,
});
const required = <S extends object>(shape: S): S & { required: true } => ({ ...shape, required: true });

const newName = sized({ min: 3, max: 256, pattern: NAME_PATTERN });
const name = sized({ min: 3, max: 256 });
const keyId = sized({ min: 1, max: 2048 });
const arn = sized({ min: 1, max: 2048 });
const tagKey = sized({ min: 1, max: 128 });
const tag = structure({ Key: required(tagKey), Value: required(sized({ min: 0, max: 256 })) });
const tags = listOf(tag, { max: MAX_TAGS });
const queryText = sized({ min: 1, max: 262_144, isSensitive: true });
const listing = { NextToken: text, MaxResults: integer({ min: 1, max: MAX_RESULTS }) } as const;
const tableNames = { DatabaseName: required(name), TableName: required(name) } as const;

const tableSettings = {
  RetentionProperties: structure({
    MemoryStoreRetentionPeriodInHours: required(integer({ min: 1, max: 8766 })),
    MagneticStoreRetentionPeriodInDays: required(integer({ min: 1, max: 73_000 })),
  }),
  MagneticStoreWriteProperties: structure({
    EnableMagneticStoreWrites: required(boolean),
    MagneticStoreRejectedDataLocation: structure({
      S3Configuration: structure({
        BucketName: sized({ min: 3, max: 63, pattern: '[a-z0-9][.\\-a-z0-9]{1,61}[a-z0-9]' }),
        ObjectKeyPrefix: sized({
          min: 1,
          max: 928,
          pattern: "[a-zA-Z0-9|!\\-_*'\\(\\)]([a-zA-Z0-9]|[!\\-_*'\\(\\)\\/.])+",
        }),
        EncryptionOption: enumOf(['SSE_S3', 'SSE_KMS']),
        KmsKeyId: keyId,
      }),
    }),
  }),
  Schema: structure({
    CompositePartitionKey: listOf(
      structure({
        Type: required(enumOf(['DIMENSION', 'MEASURE'])),
        Name: sized({ min: 1 }),
        EnforcementInRecord: enumOf(['REQUIRED', 'OPTIONAL']),
      }),
      { min: 1 },
    ),
  }),
} as const;

const measureValue = sized({ min: 1, max: MAX_VALUE_BYTES, inBytes: true });
const recordMembers = {
  Dimensions: listOf(
    structure({
      Name: required(sized({ min: 1, max: MAX_DIMENSION_NAME_BYTES, inBytes: true })),
      Value: required(sized({ min: 1, max: MAX_VALUE_BYTES, inBytes: true })),
      DimensionValueType: enumOf(DIMENSION_TYPES),
    }),
    { max: MAX_DIMENSIONS },
  ),
  MeasureName: sized({ min: 1, max: MAX_NAME_BYTES, inBytes: true }),
  MeasureValue: measureValue,
  MeasureValueType: enumOf(MEASURE_TYPES),
  MeasureValues: listOf(
    structure({
      Name: required(sized({ min: 1, max: MAX_NAME_BYTES, inBytes: true })),
      Value: required(measureValue),
      Type: required(enumOf(MULTI_TYPES)),
    }),
    { max: MAX_MEASURES },
  ),
  Time: sized({ min: 1, max: 256 }),
  TimeUnit: enumOf(TIME_UNITS),
  Version: { type: 'long' },
} as const;

/** All constraints on the members of every operation that is answered, as they are documented. */
export const SHAPES = {
  CancelQuery: { QueryId: required(sized({ min: 1, max: 64, pattern: '[a-zA-Z0-9]+' })) },
  CreateDatabase: { DatabaseName: required(newName), KmsKeyId: keyId, Tags: tags },
  CreateTable: { DatabaseName: required(name), TableName: required(newName), ...tableSettings, Tags: tags },
  DeleteDatabase: { DatabaseName: required(name) },
  DeleteTable: tableNames,
  DescribeAccountSettings: {},
  DescribeDatabase: { DatabaseName: required(name) },
  DescribeEndpoints: {},
  DescribeTable: tableNames,
  ListDatabases: listing,
  ListTables: { DatabaseName: name, ...listing },
  // Both services have the operations on tags; these are the wider limits of the two.
  ListTagsForResource: { ResourceARN: required(arn), NextToken: text, MaxResults: integer({ min: 1, max: MAX_TAGS }) },
  PrepareQuery: { QueryString: required(queryText), ValidateOnly: boolean },
  Query: {
    QueryString: required(queryText),
    ClientToken: sized({ min: 32, max: 128, isSensitive: true }),
    NextToken: sized({ min: 1, max: 2048 }),
    MaxRows: integer({ min: 1, max: 1000 }),
    QueryInsights: structure({ Mode: required(enumOf(['ENABLED_WITH_RATE_CONTROL', 'DISABLED'])) }),
  },
  TagResource: { ResourceARN: required(arn), Tags: required(tags) },
  UntagResource: { ResourceARN: required(arn), TagKeys: required(listOf(tagKey, { max: MAX_TAGS })) },
  UpdateAccountSettings: {
    MaxQueryTCU: integer({ min: 4, max: 1000 }),
    QueryPricingModel: enumOf(['BYTES_SCANNED', 'COMPUTE_UNITS']),
    QueryCompute: structure({
      ComputeMode: enumOf(['ON_DEMAND', 'PROVISIONED']),
      ProvisionedCapacity: structure({
        TargetQueryTCU: required(integer({ min: 4 })),
        NotificationConfiguration: structure({
          SnsConfiguration: structure({ TopicArn: required(arn) }),
          RoleArn: required(arn),
        }),
      }),
    }),
  },
  UpdateDatabase: { DatabaseName: required(name), KmsKeyId: required(keyId) },
  UpdateTable: { ...tableNames, ...tableSettings },
  WriteRecords: {
    ...tableNames,
    CommonAttributes: structure(recordMembers),
    Records: required(listOf(structure(recordMembers), { min: 1, max: MAX_RECORDS })),
  },
} as const satisfies Record<string, Members>;

/** Name of an operation that is answered. */
export type OperationName = keyof typeof SHAPES;
/** The body of an operation, once it was checked. */
export type BodyOf<N extends OperationName> = StructureOf<(typeof SHAPES)[N]>;
