import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { readManifest } from './elements-manifest.mjs';

const sdk = mkdtempSync(path.join(tmpdir(), 'lumina-elements-'));
after(() => rmSync(sdk, { recursive: true, force: true }));

/** A folder with one tag whose class is written so. */
function readTag(doc, body) {
  for (const folder of ['src/define', 'src/components/dial']) mkdirSync(path.join(sdk, folder), { recursive: true });
  writeFileSync(path.join(sdk, 'src/define/lumina-dial.ts'), "define('lumina-dial', LuminaDial);\n");
  writeFileSync(
    path.join(sdk, 'src/components/dial/dial.ts'),
    `${doc}\nexport class LuminaDial extends LitElement {\n${body}\n}\n`,
  );
  return readManifest(sdk);
}

const DESCRIBED = `/**
 * Shows one value.
 *
 * @fires luminaselect - A value was chosen.
 * @csspart hand - What turns.
 */`;

const BODY = `
  /** Where the hand points. */
  @property() value = '';

  #secret = 1;

  choose() { emit(this, 'luminaselect', {}); }
  render() { return html\`<i part="hand"></i>\`; }`;

const METHOD_DOC = BODY.replace('choose()', '/** Chooses what is shown. */\n  choose()');

test('a tag that says everything has no faults, and only its public side is told', () => {
  const { manifest, editorData, faults } = readTag(DESCRIBED, METHOD_DOC);
  assert.deepEqual(faults, []);
  const [{ declarations }] = manifest.modules;
  assert.deepEqual(
    declarations[0].members.map(({ name }) => name),
    ['value', 'choose'],
  );
  assert.equal(declarations[0].tagName, 'lumina-dial');
  assert.equal(manifest.modules[1].exports[0].kind, 'custom-element-definition');
  assert.deepEqual(editorData.tags[0].attributes, [{ name: 'value', description: 'Where the hand points.' }]);
});

for (const [what, doc, body, fault] of [
  ['a method without a sentence', DESCRIBED, BODY, /method choose has no description/],
  [
    'a property without a sentence',
    DESCRIBED,
    METHOD_DOC.replace('/** Where the hand points. */', ''),
    /value has no description/,
  ],
  ['an event nobody is told of', DESCRIBED.replace(/^.*@fires.*\n/m, ''), METHOD_DOC, /event luminaselect is not/],
  [
    'an event without a sentence',
    DESCRIBED.replace(' - A value was chosen.', ''),
    METHOD_DOC,
    /event luminaselect has no/,
  ],
  ['a part nobody is told of', DESCRIBED.replace(/^.*@csspart.*\n/m, ''), METHOD_DOC, /part hand is not/],
  ['a part without a sentence', DESCRIBED.replace(' - What turns.', ''), METHOD_DOC, /part hand has no/],
  ['a tag without a sentence', DESCRIBED.replace('Shows one value.', ''), METHOD_DOC, /the tag has no description/],
]) {
  test(`${what} is a fault`, () => {
    assert.match(readTag(doc, body).faults.join('\n'), fault);
  });
}
