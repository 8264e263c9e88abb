import Type from 'typebox';

/** A valid ingest key, as the collector of its region learns of it: never the key itself. */
export const IngestKeySchema = Type.Object({
  /** SHA-256 of the key, lower-case hexadecimal. */
  hash: Type.String({ pattern: '^[0-9a-f]{64}$' }),
  territoryId: Type.Integer({ minimum: 0 }),
  regionId: Type.Integer({ minimum: 1 }),
});

/** Answer of `GET /internal/ingest-keys` of a regional BFF: all keys that are valid now. */
export const IngestKeyListSchema = Type.Object({ keys: Type.Array(IngestKeySchema) });

/** What an administrator says of a new ingest key. */
export const IngestKeyDraftSchema = Type.Object(
  { label: Type.String({ minLength: 1, maxLength: 100, description: 'What it is for; shown to administrators' }) },
  { additionalProperties: false },
);

/** An ingest key as administrators see it. */
export const IngestKeyEntrySchema = Type.Object({
  id: Type.String(),
  label: Type.String(),
  hashEnd: Type.String({
    description: 'The last four digits of the SHA-256 of the key, to tell which one a source has',
  }),
  createdAt: Type.String(),
  createdBy: Type.Union([Type.String(), Type.Null()]),
  revokedAt: Type.Union([Type.String(), Type.Null()]),
  revokedBy: Type.Union([Type.String(), Type.Null()]),
});

/** A new ingest key: the only time that its secret is told. */
export const NewIngestKeySchema = Type.Object({ ...IngestKeyEntrySchema.properties, secret: Type.String() });
