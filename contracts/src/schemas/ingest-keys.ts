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
