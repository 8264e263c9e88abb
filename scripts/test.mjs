// `npm test`: installs and builds what is missing, runs every suite in order, prints the time of each, and counts. The
// last line is `N passed, N failed`. A suite that ran no test, skipped one or was ended counts as failed.
//
//   npm test                 everything
//   npm test -- bff ingest   the suites whose name begins so
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { LINTS, TYPECHECK } from './checks.mjs';
import { NODE, ROOT, ensureBuilt, ensureInstalled, run } from './prepare.mjs';

const SUITE_TIMEOUT_MS = 6 * 60_000;
const SHOWN_LINES = 120;

/** Suites of Node's own test runner: name, folder, and what of it (integration tests start servers). */
const NODE_SUITES = [
  ['contracts', 'contracts', 'all'],
  ['scripts', 'scripts', 'all'],
  ['sdk', 'sdk', 'all'],
  ['ingest', 'ingest', 'all'],
  ['bff', 'bff', 'all'],
  ['timestream', 'local/timestream', 'all'],
  ['simulator', 'local/simulator', 'all'],
  ['identity provider', 'local/idp', 'all'],
  ['stack', 'local/stack', 'unit'],
  ['stack end to end', 'local/stack', 'integration'],
];

const isIntegration = (file) => /\.(int|e2e)\.test\.(ts|mjs|js)$/.test(file);

const NOT_OURS = new Set(['node_modules', 'dist', '.tsbuild']);

/** All files below a folder. Written out because the Node that runs this script may be too old to glob. */
function filesBelow(folder) {
  return readdirSync(path.join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const file = `${folder}/${entry.name}`;
    if (!entry.isDirectory()) return [file];
    return NOT_OURS.has(entry.name) ? [] : filesBelow(file);
  });
}

function testFiles(folder, kind) {
  return (
    filesBelow(folder)
      .filter((file) => /\.test\.(ts|mjs|js)$/.test(file))
      // Components are tested in a browser.
      .filter((file) => !file.startsWith('sdk/src/components/'))
      .filter((file) => kind === 'all' || isIntegration(file) === (kind === 'integration'))
      .sort()
  );
}

function nodeCounts(output) {
  const count = (name) => Number(new RegExp(`^ℹ ${name} (\\d+)$`, 'm').exec(output)?.[1] ?? 0);
  const passed = count('pass');
  return { passed, failed: count('fail') + count('cancelled') + count('skipped') + count('todo') };
}

function nodeSuite([name, folder, kind]) {
  return {
    name,
    counts: nodeCounts,
    start: () => {
      // Whole stacks and fault tests take the machine for themselves; the others share it.
      const concurrency = kind === 'integration' ? 1 : 2;
      const args = ['--test', '--test-reporter=spec', `--test-concurrency=${concurrency}`, ...testFiles(folder, kind)];
      return run(NODE, args, { capture: true, timeoutMs: SUITE_TIMEOUT_MS });
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

const browserSuite = {
  name: 'browser',
  counts: (output) => {
    const summaries = [...output.matchAll(/(\d+) passed, (\d+) failed(?:, (\d+) skipped)?/g)];
    const last = summaries.at(-1);
    return { passed: Number(last?.[1] ?? 0), failed: Number(last?.[2] ?? 0) + Number(last?.[3] ?? 0) };
  },
  start: () =>
    run(NODE, [path.join(ROOT, 'node_modules/@web/test-runner/dist/bin.js')], {
      capture: true,
      timeoutMs: SUITE_TIMEOUT_MS,
      cwd: path.join(ROOT, 'sdk'),
    }),
};

const verifySuite = {
  name: 'verify against the truth',
  counts: () => ({ passed: 1, failed: 0 }),
  start: () =>
    run(
      NODE,
      [
        path.join(ROOT, 'local/stack/src/verify/main.ts'),
        ...['--minutes', '0.6', '--speed', '36', '--kills', '3', '--seed', '4'],
      ],
      { capture: true, timeoutMs: SUITE_TIMEOUT_MS },
    ),
};

const SUITES = [
  checkSuite(TYPECHECK),
  ...LINTS.map(checkSuite),
  ...NODE_SUITES.map(nodeSuite),
  browserSuite,
  verifySuite,
];

const logDir = path.join(tmpdir(), `lumina-test-logs-${process.pid}`);

/** Runs one suite and answers what counts: a bad exit without a failed test is a failure of its own. */
async function runSuite({ name, counts, start }) {
  const startedMs = Date.now();
  const { code, output } = await start();
  const found = code === 0 || counts === nodeCounts || counts === browserSuite.counts ? counts(output) : undefined;
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

const wanted = process.argv.slice(2);
const chosen = SUITES.filter(({ name }) => wanted.length === 0 || wanted.some((prefix) => name.startsWith(prefix)));

let isInterrupted = false;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    isInterrupted = true;
  });
}

const preparedMs = Date.now();
await ensureInstalled();
await ensureBuilt();
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
