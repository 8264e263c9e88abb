// `npm test`: installs and builds what is missing, runs every suite in order, prints the time of each, and counts. The
// last line is `N passed, N failed`. A suite that ran no test, skipped one or was ended counts as failed.
//
//   npm test                    everything
//   npm test -- bff ingest      the suites whose name begins so
//   npm run test:integration    of Node's suites, the files that start servers
//   npm run test:long           what takes too long for every day: soaks, fuzzers, many kills, all themes
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { LINTS, TYPECHECK } from './checks.mjs';
import { NODE, ROOT, ensurePageBuilt, ensureInstalled, ensureSdkBuilt, run } from './prepare.mjs';

const SUITE_TIMEOUT_MS = 6 * 60_000;
const LONG_SUITE_TIMEOUT_MS = 40 * 60_000;
const SHOWN_LINES = 120;

const EVERYDAY = ['unit', 'integration'];

/** Suites of Node's own test runner: name, folder, the levels of its files, and how many of them run at once. */
const NODE_SUITES = [
  ['contracts', 'contracts', EVERYDAY],
  ['scripts', 'scripts', EVERYDAY],
  ['sdk', 'sdk', EVERYDAY],
  ['ingest', 'ingest', EVERYDAY],
  ['bff', 'bff', ['unit']],
  // Many of these wait for a lease, a time-out or the end of a process.
  ['bff integration', 'bff', ['integration'], 3],
  ['timestream', 'local/timestream', EVERYDAY],
  ['switch', 'local/switch', EVERYDAY],
  ['simulator', 'local/simulator', EVERYDAY],
  ['identity provider', 'local/idp', EVERYDAY],
  ['standalone example', 'examples/standalone', ['unit']],
  ['stack', 'local/stack', ['unit']],
  ['stack integration', 'local/stack', ['integration']],
  ['end to end: plain html', 'examples/plain-html', ['e2e']],
  ['end to end: standalone', 'examples/standalone', ['e2e']],
  ['end to end: stack', 'local/stack', ['e2e']],
];

/** Suites with a runner of their own, whose last line is `N passed, N failed`: name, script, arguments of a long run. */
const SCRIPT_SUITES = [
  ['storybook', 'storybook/run.mjs', []],
  ['faults', 'ingest/src/faults/main.ts', ['--long']],
];

/** The level of a test stands before `.test`: what starts servers, what drives pages in a browser, what takes long. */
const LEVELS = { int: 'integration', page: 'e2e', e2e: 'e2e', long: 'long' };
const levelOf = (file) => LEVELS[/\.(\w+)\.test\.\w+$/.exec(file)?.[1]] ?? 'unit';

const NOT_OURS = new Set(['node_modules', 'dist', '.tsbuild']);

/** All files below a folder. Written out because the Node that runs this script may be too old to glob. */
function filesBelow(folder) {
  return readdirSync(path.join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const file = `${folder}/${entry.name}`;
    if (!entry.isDirectory()) return [file];
    return NOT_OURS.has(entry.name) ? [] : filesBelow(file);
  });
}

function testFiles(folder, levels) {
  return (
    filesBelow(folder)
      .filter((file) => /\.test\.(ts|mjs|js)$/.test(file))
      // Components are tested in a browser.
      .filter((file) => !file.startsWith('sdk/src/components/') && !/\.browser\.test\.ts$/.test(file))
      .filter((file) => levels.includes(levelOf(file)))
      .sort()
  );
}

function nodeCounts(output) {
  const count = (name) => Number(new RegExp(`^ℹ ${name} (\\d+)$`, 'm').exec(output)?.[1] ?? 0);
  const passed = count('pass');
  return { passed, failed: count('fail') + count('cancelled') + count('skipped') + count('todo') };
}

/** Whole stacks and fault tests take the machine for themselves; the others share it. */
const atOnceOf = (levels) => (levels.includes('unit') ? 2 : 1);

function nodeSuite(
  [name, folder, levels, atOnce = atOnceOf(levels)],
  { files = testFiles(folder, levels), preload = [], timeoutMs } = {},
) {
  return {
    name,
    counts: nodeCounts,
    isEmpty: files.length === 0,
    start: () => {
      const args = [...preload, '--test', '--test-reporter=spec', `--test-concurrency=${atOnce}`, ...files];
      return run(NODE, args, { capture: true, timeoutMs: timeoutMs ?? SUITE_TIMEOUT_MS });
    },
  };
}

function checkSuite({ name, command, args }) {
  return {
    name: `check: ${name}`,
    counts: () => ({ passed: 1, failed: 0 }),
    start: () => run(command, args, { capture: true, timeoutMs: SUITE_TIMEOUT_MS }),
  };
}

/** Of the last summary, whatever the runner calls it; what it skipped did not pass. */
function summaryCounts(output) {
  const last = [...output.matchAll(/(\d+) passed, (\d+) failed(?:, (\d+) skipped)?/g)].at(-1);
  return { passed: Number(last?.[1] ?? 0), failed: Number(last?.[2] ?? 0) + Number(last?.[3] ?? 0) };
}

function scriptSuite([name, script], { args = [], ...options } = {}) {
  return {
    name,
    counts: summaryCounts,
    start: () =>
      run(NODE, [path.join(ROOT, script), ...args], { capture: true, timeoutMs: SUITE_TIMEOUT_MS, ...options }),
  };
}

const browserSuite = scriptSuite(['browser', 'node_modules/@web/test-runner/dist/bin.js'], {
  cwd: path.join(ROOT, 'sdk'),
});

function verifySuite(args, timeoutMs) {
  return {
    name: 'verify against the truth',
    counts: () => ({ passed: 1, failed: 0 }),
    start: () => run(NODE, [path.join(ROOT, 'local/stack/src/verify/main.ts'), ...args], { capture: true, timeoutMs }),
  };
}

const everydaySuites = () => [
  checkSuite(TYPECHECK),
  ...LINTS.map(checkSuite),
  ...NODE_SUITES.map((suite) => nodeSuite(suite)).filter(({ isEmpty }) => !isEmpty),
  browserSuite,
  ...SCRIPT_SUITES.map((suite) => scriptSuite(suite)),
  verifySuite(['--minutes', '0.6', '--speed', '36', '--kills', '3', '--seed', '4'], SUITE_TIMEOUT_MS),
];

/** The same files as every day, of one level. */
const suitesOf = (level) =>
  NODE_SUITES.filter(([, , levels]) => levels.includes(level))
    .map(([name, folder, , atOnce]) => nodeSuite([name, folder, [level], atOnce]))
    .filter(({ isEmpty }) => !isEmpty);

function longSuites() {
  // A folder is called after its first suite.
  const folders = [...new Map(NODE_SUITES.toReversed().map(([name, folder]) => [folder, name]))].toReversed();
  const timeoutMs = LONG_SUITE_TIMEOUT_MS;
  const drawn = folders
    .flatMap(([folder]) => testFiles(folder, EVERYDAY))
    .filter((file) => readFileSync(path.join(ROOT, file), 'utf8').includes("'fast-check'"));
  return [
    nodeSuite(['properties, many runs', '', ['unit']], {
      files: drawn,
      preload: ['--import', './scripts/many-runs.mjs'],
      timeoutMs,
    }),
    ...folders
      .map(([folder, name]) => nodeSuite([`long: ${name}`, folder, ['long']], { timeoutMs }))
      .filter(({ isEmpty }) => !isEmpty),
    ...SCRIPT_SUITES.map(([name, script, args]) => scriptSuite([name, script], { args, timeoutMs })),
    verifySuite(['--minutes', '5', '--speed', '20', '--kills', '8'], timeoutMs),
  ];
}

const logDir = path.join(tmpdir(), `lumina-test-logs-${process.pid}`);

/** Runs one suite and answers what counts: a bad exit without a failed test is a failure of its own. */
async function runSuite({ name, counts, start }) {
  const startedMs = Date.now();
  const { code, output } = await start();
  const found = code === 0 || counts === nodeCounts || counts === summaryCounts ? counts(output) : undefined;
  const passed = found?.passed ?? 0;
  const failed = Math.max(found?.failed ?? 0, code === 0 && passed > 0 ? 0 : 1);
  const seconds = ((Date.now() - startedMs) / 1000).toFixed(1);
  const logFile = path.join(logDir, `${name.replace(/[^a-z]+/g, '-')}.log`);
  writeFileSync(logFile, output);
  if (failed > 0) {
    const lines = output.trimEnd().split('\n');
    process.stdout.write(`${lines.slice(-SHOWN_LINES).join('\n')}\nAll of it: ${logFile}\n`);
  }
  process.stdout.write(
    `${failed > 0 ? '✖' : '✔'} ${name.padEnd(28)} ${seconds.padStart(6)} s  ${passed} passed, ${failed} failed\n`,
  );
  return { passed, failed };
}

const GROUPS = {
  '--long': longSuites,
  '--integration': () => suitesOf('integration'),
  '--e2e': () => suitesOf('e2e'),
};

const [group = ''] = process.argv.slice(2).filter((word) => word in GROUPS);
const wanted = process.argv.slice(2).filter((word) => word !== group);
const chosen = (GROUPS[group] ?? everydaySuites)().filter(
  ({ name }) => wanted.length === 0 || wanted.some((prefix) => name.startsWith(prefix)),
);

let isInterrupted = false;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    isInterrupted = true;
  });
}

const preparedMs = Date.now();
const countNothing = () => process.stdout.write('0 passed, 1 failed\n');
process.once('exit', countNothing);
await ensureInstalled();
await ensureSdkBuilt();
await ensurePageBuilt();
process.off('exit', countNothing);
process.stdout.write(
  `  ${'install and build'.padEnd(28)} ${((Date.now() - preparedMs) / 1000).toFixed(1).padStart(6)} s\n`,
);

mkdirSync(logDir, { recursive: true });
const total = { passed: 0, failed: chosen.length === 0 ? 1 : 0 };
for (const suite of chosen) {
  if (isInterrupted) {
    total.failed += 1;
    break;
  }
  const { passed, failed } = await runSuite(suite);
  total.passed += passed;
  total.failed += failed;
}
process.stdout.write(`${total.passed} passed, ${total.failed} failed\n`);
process.exitCode = total.failed === 0 ? 0 : 1;
