// Documents that name what does not exist mislead: links, files, commands and attributes are looked up.
import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { readManifest } from './elements-manifest.mjs';
import { ROOT } from './prepare.mjs';

const isOurs = (name) => !/^(node_modules|dist|\.git|\.tsbuild|coverage)$/.test(name);
const find = (pattern) => globSync(pattern, { cwd: ROOT, exclude: (name) => !isOurs(path.basename(name)) });
const read = (file) => readFileSync(path.join(ROOT, file), 'utf8');

const DOCUMENTS = find('**/*.md');
const FILES = find('**/*.{ts,mjs,cjs,js,json,md}').map((file) => `/${file}`);
const { scripts } = JSON.parse(read('package.json'));

/** A path as documents write it, without the folders in front that are clear from the text. */
const isKnown = (name) => existsSync(path.join(ROOT, name)) || FILES.some((file) => file.endsWith(`/${name}`));

test('links lead to files', () => {
  assert.ok(DOCUMENTS.length > 20);
  for (const document of DOCUMENTS) {
    for (const [, target] of read(document).matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)) {
      assert.ok(existsSync(path.join(ROOT, path.dirname(document), target)), `${document} links to ${target}`);
    }
  }
});

for (const document of ['docs/ARCHITECTURE.md', 'CONTRIBUTING.md']) {
  test(`${document} names files and folders that exist`, () => {
    const names = [...read(document).matchAll(/`([\w./-]+\.(?:ts|mjs|cjs))`/g)].map(([, name]) => name);
    assert.ok(names.length > 3);
    // The kind that is added there as an example.
    const missing = names.filter((name) => !isKnown(name) && !/\bdial\b/.test(name));
    assert.deepEqual(missing, []);
  });
}

test('commands in documents are scripts of the repository', () => {
  for (const document of ['README.md', 'CONTRIBUTING.md', ...find('docs/**/*.md')]) {
    for (const [, name] of read(document).matchAll(/npm run (?:--silent )?([\w:-]+)(?![\w:-]| -w)/g)) {
      assert.ok(name in scripts, `${document} says npm run ${name}`);
    }
  }
});

test("the sdk's page tells of every attribute, event and method of the tags that pages write", () => {
  const text = read('sdk/README.md');
  const { declarations } = readManifest().manifest.modules[0];
  for (const tag of ['lumina-provider', 'lumina-widget', 'lumina-dashboard']) {
    const { attributes, events, members } = declarations.find(({ tagName }) => tagName === tag);
    const section = text.split(/^### /m).find((part) => part.startsWith(`\`<${tag}>\``)) ?? '';
    const methods = members.filter(({ kind }) => kind === 'method').map(({ name }) => `${name}()`);
    for (const name of [...attributes, ...events].map((one) => one.name).concat(methods)) {
      assert.ok(section.includes(`\`${name}\``), `sdk/README.md does not tell of ${name} at <${tag}>`);
    }
  }
});
