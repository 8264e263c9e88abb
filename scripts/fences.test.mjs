// A fence that nothing can break holds nothing: a small tree that breaks each rule of .dependency-cruiser.cjs once.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { cruise } from 'dependency-cruiser';

const config = createRequire(import.meta.url)('../.dependency-cruiser.cjs');

/** For each rule, who imports what it must not. */
const BREACHES = {
  'no-cycles': ['bff/src/features/a/a-cycle.ts', './cycle-end.ts'],
  'no-unresolvable': ['bff/src/features/a/lost.ts', './nowhere.ts'],
  'contracts-is-a-leaf': ['contracts/src/leaf.ts', 'express'],
  'contracts-constants-without-schemas': ['contracts/src/constants.ts', 'typebox'],
  'peers-never-meet': ['ingest/src/core/peer.ts', '../../../bff/src/features/a/target.ts'],
  'what-ships-needs-no-local-cloud': ['bff/src/features/a/local.ts', '../../../../local/idp/src/target.ts'],
  'examples-use-the-published-surface': ['examples/standalone/src/page.ts', '../../../contracts/src/target.ts'],
  'examples-import-no-internals': ['examples/standalone/src/internal.ts', '../../../sdk/src/components/tile/target.ts'],
  'examples-stand-alone': ['examples/plain-html/borrowed.ts', '../standalone/src/target.ts'],
  'storybook-shows-the-sdk': ['storybook/src/real.ts', '../../bff/src/features/a/target.ts'],
  'bench-is-a-leaf': ['local/stack/src/measured.ts', '../../../bench/src/target.ts'],
  'tests-stay-out-of-what-ships': ['bff/src/features/a/tested.ts', './target.test.ts'],
  'sdk-client-without-lit': ['sdk/src/client/view.ts', 'lit'],
  'sdk-controllers-below-components': ['sdk/src/controllers/controller.ts', '../components/tile/target.ts'],
  'sdk-components-do-not-register': ['sdk/src/components/tile/tile.ts', '../../define/target.ts'],
  'sdk-charts-own-chart-js': ['sdk/src/components/tile/chart.ts', 'chart.js'],
  'sdk-without-schemas': ['sdk/src/client/parse.ts', '../../../contracts/src/schemas/target.ts'],
  'bff-wired-in-compose': ['bff/src/live/wiring.ts', '../compose.ts'],
  'bff-features-below-app': ['bff/src/features/a/mounted.ts', '../../app.ts'],
  'bff-aws-behind-the-port': ['bff/src/features/a/aws.ts', '@aws-sdk/client-timestream-query'],
  'ingest-core-is-pure': ['ingest/src/core/pure.ts', 'node:fs'],
  'ingest-ports-are-interfaces': ['ingest/src/ports/port.ts', '../adapters/target.ts'],
  'simulator-shares-no-code-with-ingest': ['local/simulator/src/truth.ts', '../../../ingest/src/core/target.ts'],
};

const PACKAGES = ['express', 'typebox', 'lit', 'chart.js', '@aws-sdk/client-timestream-query'];
const EXTRA_FILES = {
  'bff/src/features/a/cycle-end.ts': "import './a-cycle.ts';\n",
  'bff/src/live-tail/live-tail.ts': "import '@aws-sdk/client-timestream-query';\n",
};
/** Who may import what others may not: the adapter behind a port. */
const ALLOWED_FILES = {
  'bff/src/live-tail/kinesis-tail-stream.ts': "import '@aws-sdk/client-timestream-query';\n",
  'bff/src/timestream/aws-store.ts': "import '@aws-sdk/client-timestream-query';\n",
};

const root = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'lumina-fences-')));
let violations;

function write(file, text) {
  const absolute = path.join(root, file);
  mkdirSync(path.dirname(absolute), { recursive: true });
  writeFileSync(absolute, text);
}

before(async () => {
  for (const name of PACKAGES) {
    write(`node_modules/${name}/package.json`, JSON.stringify({ name, version: '1.0.0', main: 'index.js' }));
    write(`node_modules/${name}/index.js`, 'exports.anything = 1;\n');
  }
  const names = PACKAGES.map((name) => [name, '1.0.0']);
  write('package.json', JSON.stringify({ name: 'tree', version: '1.0.0', dependencies: Object.fromEntries(names) }));
  for (const [file, specifier] of Object.values(BREACHES)) {
    write(file, `import '${specifier}';\n`);
    if (!specifier.startsWith('.') || specifier === './nowhere.ts') continue;
    write(path.join(path.dirname(file), specifier), '\n');
  }
  for (const [file, text] of Object.entries({ ...EXTRA_FILES, ...ALLOWED_FILES })) write(file, text);

  const { tsConfig: _, ...options } = config.options;
  const { output } = await cruise(['contracts', 'sdk', 'bff', 'ingest', 'local', 'examples', 'storybook', 'bench'], {
    ...options,
    baseDir: root,
    validate: true,
    ruleSet: { forbidden: config.forbidden },
  });
  violations = output.summary.violations;
});

after(() => rmSync(root, { recursive: true, force: true }));

test('every rule has a breach here', () => {
  assert.deepEqual(Object.keys(BREACHES).sort(), config.forbidden.map(({ name }) => name).sort());
});

for (const [rule, [file, specifier]] of Object.entries(BREACHES)) {
  test(`${rule} refuses ${specifier} in ${file}`, () => {
    const refused = violations.filter(({ rule: { name } }) => name === rule).map(({ from }) => from);
    assert.ok(refused.includes(file), `refused by this rule: ${refused.join(', ') || 'nothing'}`);
  });
}

test('a cloud client is refused beside the adapter of a port too', () => {
  const refused = violations.filter(({ rule: { name } }) => name === 'bff-aws-behind-the-port').map(({ from }) => from);
  assert.deepEqual(refused.sort(), ['bff/src/features/a/aws.ts', 'bff/src/live-tail/live-tail.ts']);
});

test('nothing is refused that keeps the direction', () => {
  const breaching = new Set([...Object.values(BREACHES).map(([file]) => file), ...Object.keys(EXTRA_FILES)]);
  assert.deepEqual(
    violations.map(({ from }) => from).filter((file) => !breaching.has(file)),
    [],
  );
});
