export { createFactStore, type FactStoreOptions } from './adapters/timestream-records.ts';
export { whitelistBody } from './core/body-whitelist.ts';
export { decodeEvent, type DecodeContext, type Decoded, type DecodeFailure } from './core/decode.ts';
export type { DecodeErrorCode } from './core/decode-error.ts';
export { encodeRecord, recordTimeNs } from './core/encode-record.ts';
export { extractFacts } from './core/extract-facts.ts';
export { NEGATIVE_CONTROLS, withNegativeControl, type NegativeControl } from './core/negative-controls.ts';
export { decodeStreamRecord, encodeStreamRecord } from './core/stream-record.ts';
export type { DeadFactCode, FactOutcome, FactStore } from './ports/fact-store.ts';
