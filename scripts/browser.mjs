// Finds a Chromium for tests, end-to-end runs and benchmarks. Plain JavaScript for Node 20.19, because test
// runners load it before anything else is set up.
import { execFileSync } from 'node:child_process';
import { accessSync, constants, existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Flags for every headless run: no sandbox (root in containers), no network chatter, no QUIC. */
export const BROWSER_ARGS = Object.freeze([
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
]);

const SYSTEM_NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const SYSTEM_FOLDERS = ['/usr/bin', '/usr/local/bin', '/snap/bin', '/opt/google/chrome'];
const MAC_APPS = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function fromEnvironment(env) {
  for (const name of ['LUMINA_CHROME', 'CHROME_PATH']) {
    const file = env[name];
    if (file === undefined || file === '') continue;
    if (!isExecutable(file)) {
      throw new Error(`${name} is set to ${file}, which is not an executable file. Correct or unset it.`);
    }
    return file;
  }
  return undefined;
}

function fromSystem() {
  const files = SYSTEM_FOLDERS.flatMap((folder) => SYSTEM_NAMES.map((name) => join(folder, name)));
  return [...files, ...MAC_APPS].find(isExecutable);
}

function fromPlaywrightCache(env) {
  const folder =
    env.PLAYWRIGHT_BROWSERS_PATH ??
    (process.platform === 'darwin'
      ? join(homedir(), 'Library/Caches/ms-playwright')
      : join(homedir(), '.cache/ms-playwright'));
  if (!existsSync(folder)) return undefined;
  const builds = readdirSync(folder)
    .filter((name) => name.startsWith('chromium'))
    .sort()
    .reverse();
  const layouts = [
    'chrome-linux/chrome',
    'chrome-linux64/chrome',
    'chrome-linux/headless_shell',
    'chrome-headless-shell-linux64/chrome-headless-shell',
    'chrome-mac/Chromium.app/Contents/MacOS/Chromium',
  ];
  return builds.flatMap((build) => layouts.map((layout) => join(folder, build, layout))).find(isExecutable);
}

function hasSystemLibraries() {
  try {
    const known = execFileSync('ldconfig', ['-p'], { encoding: 'utf8' });
    return ['libnss3.so', 'libnspr4.so', 'libexpat.so'].every((name) => known.includes(name));
  } catch {
    return false;
  }
}

async function fromPackage() {
  if (process.platform !== 'linux' || process.arch !== 'x64') return undefined;
  // The package unpacks its own copies of the libraries only where it believes to run in a Lambda function, and
  // it looks at the moment of import.
  if (!hasSystemLibraries()) process.env.AWS_EXECUTION_ENV ??= 'AWS_Lambda_nodejs20.x';
  const { default: chromium } = await import('@sparticuz/chromium');
  return chromium.executablePath();
}

/**
 * The browser to use: LUMINA_CHROME, CHROME_PATH, a system Chromium, Playwright's cache, then the bundled package.
 *
 * @returns {Promise<{executablePath: string, args: string[]}>} where it is and the flags to start it with.
 */
export async function resolveBrowser() {
  const executablePath =
    fromEnvironment(process.env) ?? fromSystem() ?? fromPlaywrightCache(process.env) ?? (await fromPackage());
  if (executablePath === undefined) {
    throw new Error('No Chromium found: install one, or set LUMINA_CHROME to the path of a Chromium or Chrome.');
  }
  return { executablePath, args: [...BROWSER_ARGS] };
}
