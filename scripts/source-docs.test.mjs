// The pages of docs/sources/ are what senders build against: each example becomes exactly the facts that are shown, fits
// its schema, and nothing that can be sent is left out.
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Check } from 'typebox/schema';
import { EVENT_TYPES } from '../contracts/src/events.ts';
import { becomes, exampleNames, readExample } from './source-docs/examples.mjs';
import { blocksOf } from './source-docs/pages.mjs';
import { kebab } from './source-docs/schemas.mjs';

const FOLDER = fileURLToPath(new URL('../docs/sources/', import.meta.url));
const PAGES = globSync('*.md', { cwd: FOLDER }).map((file) => readFileSync(path.join(FOLDER, file), 'utf8'));
const BLOCKS = PAGES.flatMap(blocksOf);
const EXAMPLES = exampleNames();
const readSchema = (file) => JSON.parse(readFileSync(path.join(FOLDER, 'schemas', file), 'utf8'));

/** The JSON that a block shows, in its order: the event, then its facts, then its changes. */
const shownIn = ({ text }) => [...text.matchAll(/```json\n([\s\S]*?)\n```/g)].map(([, json]) => JSON.parse(json));

for (const block of BLOCKS.filter(({ kind }) => kind === 'event' || kind === 'kept')) {
  test(`${block.name} becomes exactly what its page shows`, () => {
    const [shown, ...outcome] = shownIn(block);
    const raw = readExample(block.name);
    const { kept, facts, changes } = becomes(raw);
    assert.deepEqual(shown, block.kind === 'event' ? raw : kept);
    assert.deepEqual(
      outcome,
      [facts, changes].filter((list) => list.length > 0),
    );
    // What is shown is enough to send: the reduced event says the same.
    assert.deepEqual(becomes(shown), { ...becomes(raw), kept: becomes(shown).kept });
  });
}

test('every example is on a page, and of every type and source that can be sent there is one', () => {
  const shown = BLOCKS.filter(({ kind }) => kind === 'event' || kind === 'kept').map(({ name }) => name);
  assert.deepEqual(shown.toSorted(), EXAMPLES);
  const types = new Set(EXAMPLES.flatMap((name) => becomes(readExample(name)).types));
  assert.deepEqual([...types].sort(), Object.keys(EVENT_TYPES).sort());
});

test('the fields of every type are on a page', () => {
  const described = new Set(BLOCKS.filter(({ kind }) => kind === 'fields').map(({ name }) => name));
  // Told of once for all four.
  const marks = new Set(['HOLD', 'UNHOLD', 'DTMF']);
  for (const type of Object.keys(EVENT_TYPES)) {
    assert.ok(described.has(type) || marks.has(type), type);
    assert.ok(
      PAGES.some((page) => page.includes(`](schemas/${kebab(type)}.json)`)),
      `no page links to the schema of ${type}`,
    );
  }
});

/** The schema file of an example, by what is in it. */
function schemaFileOf(raw) {
  if (raw['detail-type'] !== undefined) return 'eventbridge-event.json';
  if (raw['Event-Name'] !== undefined) return 'freeswitch-event.json';
  return raw.eventType === undefined ? `${kebab(raw.type)}.json` : 'original-call-event.json';
}

test('every example fits its schema, and loses it with a field that is required', () => {
  const context = Object.fromEntries(
    ['freeswitch-event.json', 'original-call-event.json'].map((file) => [file, { $id: file, ...readSchema(file) }]),
  );
  for (const name of EXAMPLES) {
    const raw = readExample(name);
    const schema = readSchema(schemaFileOf(raw));
    assert.ok(Check(context, schema, raw), name);
    for (const field of schema.required) {
      const { [field]: _missing, ...rest } = raw;
      assert.ok(!Check(context, schema, rest), `${name} without ${field}`);
    }
  }
});

test('what an example shows of callers is nothing', () => {
  for (const { kind, name, text } of BLOCKS) {
    if (kind !== 'kept') continue;
    assert.ok(!/447700900123|Alice Example|442079460100|"DTMF-Digit"/.test(text), name);
  }
});
