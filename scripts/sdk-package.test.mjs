// The packed sdk in a project that is not this repository: what its users import, bundle and compile.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import {
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { build } from 'esbuild';
import { packSdk } from './pack-sdk.mjs';
import { ROOT, ensureSdkBuilt } from './prepare.mjs';

const project = realpathSync(mkdtempSync(path.join(tmpdir(), 'lumina-consumer-')));
const installed = path.join(project, 'node_modules/@lumina/sdk');
let manifest;

/** Links the packages that npm would install with it, and no others. */
function installDependencies(names) {
  for (const name of names) {
    const link = path.join(project, 'node_modules', name);
    mkdirSync(path.dirname(link), { recursive: true });
    symlinkSync(path.join(ROOT, 'node_modules', name), link);
  }
}

before(async () => {
  await ensureSdkBuilt();
  const tarball = await packSdk(project);
  mkdirSync(installed, { recursive: true });
  execFileSync('tar', ['-xzf', tarball, '-C', installed, '--strip-components=1']);
  manifest = JSON.parse(readFileSync(path.join(installed, 'package.json'), 'utf8'));
  installDependencies(Object.keys(manifest.dependencies));
  writeFileSync(path.join(project, 'package.json'), JSON.stringify({ name: 'consumer', type: 'module' }));
});

after(() => rmSync(project, { recursive: true, force: true }));

/** Every import path the package offers, patterns filled in. */
function specifiers() {
  const tags = globSync('dist/define/lumina-*.js', { cwd: installed }).map((file) => path.basename(file, '.js'));
  assert.ok(tags.length > 0, 'no tags were built');
  return Object.entries(manifest.exports)
    .filter(([, target]) => target?.types !== undefined)
    .flatMap(([subpath]) => (subpath.includes('*') ? tags.map((tag) => subpath.replace('*', tag)) : [subpath]))
    .map((subpath) => path.posix.join('@lumina/sdk', subpath));
}

function runNode(...args) {
  const { status, stderr } = spawnSync(process.execPath, args, { cwd: project, encoding: 'utf8' });
  assert.equal(status, 0, stderr);
}

async function bundle(contents) {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: project },
    bundle: true,
    format: 'esm',
    write: false,
    logLevel: 'silent',
  });
  return outputFiles[0].text;
}

function compile(moduleResolution, module, source) {
  writeFileSync(path.join(project, 'consumer.ts'), source);
  const options = ['--noEmit', '--strict', '--exactOptionalPropertyTypes', '--skipLibCheck', 'false'];
  const target = ['--target', 'es2022', '--lib', 'es2022,dom,dom.iterable'];
  const { status, stdout } = spawnSync(
    path.join(ROOT, 'node_modules/.bin/tsc'),
    [...options, ...target, '--module', module, '--moduleResolution', moduleResolution, 'consumer.ts'],
    { cwd: project, encoding: 'utf8' },
  );
  return { status, stdout };
}

test('needs no package of the workspace, and no development tool', () => {
  assert.equal(manifest.private, undefined);
  assert.deepEqual(
    Object.keys(manifest.dependencies).filter((name) => /^@lumina\/|typebox/.test(name)),
    [],
  );
  assert.equal(manifest.devDependencies, undefined);
  const text = readFileSync(path.join(installed, 'dist/index.d.ts'), 'utf8');
  assert.doesNotMatch(text, /@lumina\/contracts|typebox/i);
});

test('every built file is JavaScript that Node can parse', () => {
  const files = globSync('dist/**/*.js', { cwd: installed });
  assert.ok(files.includes('dist/lumina.iife.js'));
  for (const file of files) runNode('--check', path.join(installed, file));
});

test('every module can be imported where there is no page', () => {
  for (const specifier of specifiers()) runNode('--eval', `await import('${specifier}')`, '--input-type=module');
});

test('the single script runs where there is no page, and leaves an empty global', () => {
  const script = path.join(installed, 'dist/lumina.iife.js');
  runNode(
    '--eval',
    `require('node:vm').runInThisContext(require('node:fs').readFileSync('${script}', 'utf8'));
    require('node:assert').deepEqual(Object.keys(globalThis.Lumina), []);`,
  );
  runNode('--input-type=module', '--eval', "await import('@lumina/sdk/lumina.iife.js')");
});

test('a bundler drops what is not used, and keeps the definition of a tag', async () => {
  const one = await bundle("import { LuminaError } from '@lumina/sdk/client'; console.log(LuminaError);");
  assert.doesNotMatch(one, /customElements/);
  const none = await bundle("import { LuminaWidget } from '@lumina/sdk';");
  assert.ok(none.length < 500, `${none.length} characters are left of an unused import`);
  assert.match(await bundle("import '@lumina/sdk/define/lumina-stat.js';"), /"lumina-stat"/);
});

for (const [resolution, module] of [
  ['nodenext', 'nodenext'],
  ['bundler', 'esnext'],
]) {
  test(`types resolve without anything else installed (${resolution})`, () => {
    const imports = specifiers().map((specifier) => `import '${specifier}';`);
    const { status, stdout } = compile(
      resolution,
      module,
      `${imports.join('\n')}
import { LuminaClient } from '@lumina/sdk/client';
import { FakeBff } from '@lumina/sdk/testing';
const client = new LuminaClient({ baseUrl: 'https://api.example/', getToken: () => 'token', fetch: new FakeBff().fetch });
client.destroy();
const tile = document.createElement('lumina-widget');
tile.metric = 'queue_depth';
tile.addEventListener('luminastate', ({ detail }) => { const state: string = detail.to; console.log(state); });
`,
    );
    assert.equal(status, 0, stdout);
  });
}

test('a wrong use does not compile', () => {
  const { status, stdout } = compile(
    'bundler',
    'esnext',
    "import '@lumina/sdk/define/lumina-widget.js';\ndocument.createElement('lumina-widget').metric = 5;\n",
  );
  assert.notEqual(status, 0);
  assert.match(stdout, /Type 'number' is not assignable to type 'string'/);
});
