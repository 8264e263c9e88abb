// What every root command does first: install what is missing, build what is missing. Plain JavaScript for Node
// 20.19 without dependencies, since it runs before there are any.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the repository. */
export const ROOT = fileURLToPath(new URL('..', import.meta.url));

const inRoot = (...parts) => path.join(ROOT, ...parts);

/** The Node that runs everything of this repository, whatever the host's own one is. */
export const NODE = inRoot('node_modules/node/bin', process.platform === 'win32' ? 'node.exe' : 'node');

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** An environment in which `node` and the tools of this repository come first. */
export function toolEnvironment(extra = {}) {
  const bin = inRoot('node_modules/.bin');
  return { ...process.env, PATH: `${bin}${path.delimiter}${process.env.PATH ?? ''}`, ...extra };
}

/**
 * Runs a command to its end and passes on the signals that arrive meanwhile.
 *
 * @returns {Promise<{code: number, output: string}>} its exit code, and what it wrote when `capture` was asked for.
 */
export function run(command, args, { capture = false, timeoutMs, ...options } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: ROOT,
      env: toolEnvironment(),
      stdio: capture ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'inherit', 'inherit'],
      ...options,
    });
    let output = '';
    const gather = (text) => {
      output += text;
    };
    child.stdout?.setEncoding('utf8').on('data', gather);
    child.stderr?.setEncoding('utf8').on('data', gather);
    const forward = (signal) => child.kill(signal);
    for (const signal of SIGNALS) process.on(signal, forward);
    const timer =
      timeoutMs === undefined
        ? undefined
        : setTimeout(() => {
            output += `\nEnded after ${timeoutMs / 1000} s.\n`;
            child.kill('SIGKILL');
          }, timeoutMs);
    const settle = () => {
      clearTimeout(timer);
      for (const signal of SIGNALS) process.off(signal, forward);
    };
    child.once('error', (error) => {
      settle();
      reject(error);
    });
    child.once('close', (code, signal) => {
      settle();
      resolve({ code: code ?? (signal === 'SIGINT' ? 130 : signal === 'SIGTERM' ? 143 : 1), output });
    });
  });
}

const readJson = (file) => JSON.parse(readFileSync(file, 'utf8'));

/** Whether node_modules holds what the lock file says; npm writes its own record last, so a broken install has none. */
function isInstalled() {
  const record = inRoot('node_modules/.package-lock.json');
  if (!existsSync(record) || !existsSync(NODE)) return false;
  const have = readJson(record).packages;
  const want = readJson(inRoot('package-lock.json')).packages;
  return Object.entries(want).every(
    ([name, entry]) =>
      !name.includes('node_modules/') ||
      (entry.link ? have[name]?.link === true : have[name]?.version === entry.version) ||
      (have[name] === undefined && (entry.optional || entry.devOptional || entry.peer)),
  );
}

/** Runs npm, the one that runs this script if any. */
export function npm(args, options) {
  const cli = process.env.npm_execpath;
  return cli !== undefined && /\.c?js$/.test(cli)
    ? run(process.execPath, [cli, ...args], options)
    : run(process.platform === 'win32' ? 'npm.cmd' : 'npm', args, options);
}

async function mustSucceed(what, running) {
  const { code, output } = await running;
  if (code === 0) return;
  if (output !== '') process.stderr.write(output);
  process.stderr.write(`${what} failed with code ${code}.\n`);
  process.exit(code);
}

/** What is built before anything runs: from what, and a file that a finished build has. */
const SDK_BUILD = {
  workspace: 'sdk',
  inputs: [
    'sdk',
    'contracts',
    'rollup.config.ts',
    'scripts/rollup',
    'scripts/elements-manifest.mjs',
    'tsconfig.base.json',
    'package-lock.json',
  ],
  output: 'sdk/dist/custom-elements.json',
};
const PAGE_BUILD = {
  workspace: 'examples/standalone',
  inputs: ['examples/standalone', 'sdk', 'contracts', 'tsconfig.base.json', 'package-lock.json'],
  output: 'examples/standalone/dist/index.html',
};

const NOT_AN_INPUT = /^(node_modules|dist|\.tsbuild|coverage)$|\.(test|stories)\.ts$|\.md$/;

function* filesOf(entry) {
  if (!statSync(entry).isDirectory()) {
    yield entry;
    return;
  }
  for (const name of readdirSync(entry).sort()) {
    if (!NOT_AN_INPUT.test(name)) yield* filesOf(path.join(entry, name));
  }
}

/** A hash over names and contents, which also notices a file that is gone and one that came with an old date. */
function fingerprintOf(inputs) {
  const hash = createHash('sha256');
  for (const file of inputs.flatMap((input) => [...filesOf(inRoot(input))])) {
    hash
      .update(`${path.relative(ROOT, file)}\0`)
      .update(readFileSync(file))
      .update('\0');
  }
  return hash.digest('hex');
}

/** Where a build notes what it was made from: in its own output, so that it vanishes with it. */
const noteOf = ({ output }) => path.join(path.dirname(inRoot(output)), '.made-from');

async function ensure(build, what) {
  const fingerprint = fingerprintOf(build.inputs);
  const note = noteOf(build);
  if (existsSync(inRoot(build.output)) && existsSync(note) && readFileSync(note, 'utf8') === fingerprint) return;
  process.stderr.write(`Building ${what} …\n`);
  await mustSucceed('The build', npm(['run', 'build', '--silent', '--workspace', build.workspace], { capture: true }));
  writeFileSync(note, fingerprint);
}

/** Installs the dependencies unless they are there. */
export async function ensureInstalled() {
  if (isInstalled()) return;
  process.stderr.write('Installing dependencies …\n');
  await mustSucceed('npm ci', npm(['ci', '--no-audit', '--no-fund', '--loglevel=error'], { stdio: ['ignore', 2, 2] }));
}

/** Notes that both were just built from what is here, whoever built them. */
export function noteBuilt() {
  for (const build of [SDK_BUILD, PAGE_BUILD]) writeFileSync(noteOf(build), fingerprintOf(build.inputs));
}

/** Builds the sdk unless it is up to date. */
export async function ensureSdkBuilt() {
  await ensure(SDK_BUILD, 'the sdk');
}

/** Builds the standalone page unless it is up to date. */
export async function ensurePageBuilt() {
  await ensure(PAGE_BUILD, 'the page');
}
