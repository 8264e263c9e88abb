// What becomes of the examples: each goes through the real decoding, as a record that the collector put on the stream.
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { whitelistBody } from '../../ingest/src/core/body-whitelist.ts';
import { decodeEvent } from '../../ingest/src/core/decode.ts';
import { decodeDelivery } from '../../ingest/src/core/decode-delivery.ts';
import { encodeStreamRecord } from '../../ingest/src/core/stream-record.ts';

const FOLDER = fileURLToPath(new URL('../../docs/sources/examples/', import.meta.url));
/** The owner of the ingest key with which the examples are sent. */
const OWNER = { territoryId: 101, regionId: 1 };
/** Any secret: the pseudonyms on the pages come from this one. */
const PERSONAL_ID_SECRET = 'documentation';

/** Names of all examples: folder and file, without extension. */
export function exampleNames() {
  return globSync('**/*.json', { cwd: FOLDER })
    .map((file) =>
      file
        .split(path.sep)
        .join('/')
        .replace(/\.json$/, ''),
    )
    .sort();
}

/** An example as it is sent. */
export function readExample(name) {
  return JSON.parse(readFileSync(path.join(FOLDER, `${name}.json`), 'utf8'));
}

const instant = (ms) => new Date(ms).toISOString();

const readable = ({ table, name, timeMs, version, dimensions, measures }) => ({
  fact: `${table}.${name}`,
  time: instant(timeMs),
  version,
  dimensions,
  measures,
});

/** What becomes of a raw event: its type, what is kept of it, its facts and its changes of the directory. */
export function becomes(raw) {
  const kept = whitelistBody(raw);
  const bytes = Buffer.from(JSON.stringify(kept));
  const record = encodeStreamRecord({ ...OWNER, receivedMs: 0, body: 'events' }, bytes);
  const context = { regionId: OWNER.regionId, personalIdSecret: PERSONAL_ID_SECRET };
  const { facts, changes, error } = decodeDelivery(record, context);
  if (error !== undefined) throw new Error(`${error.code}: ${error.detail}`);
  const { id, events } = decodeEvent(raw, { ...OWNER, personalIdSecret: PERSONAL_ID_SECRET });
  return { id, types: events.map(({ type }) => type), kept, facts: facts.map(readable), changes: changes ?? [] };
}
