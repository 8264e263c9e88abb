// The built Storybook on an address of its own, and pages of a headless browser that visit its stories one after the
// other without loading anew.
import { createReadStream, existsSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { resolveBrowser } from '../scripts/browser.mjs';
import { NODE, run, toolEnvironment } from '../scripts/prepare.mjs';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const DIST = path.join(HERE, 'dist');
const STORYBOOK = path.join(HERE, '../node_modules/storybook/dist/bin/dispatcher.js');
const STORY_TIMEOUT_MS = 20_000;

const CONTENT_TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

/** Builds the static Storybook. Its words are shown only when it fails. */
async function build() {
  const { code, output } = await run(NODE, [STORYBOOK, 'build', '--quiet', '--output-dir', DIST], {
    capture: true,
    cwd: HERE,
    env: toolEnvironment({ STORYBOOK_DISABLE_TELEMETRY: '1', CI: '1' }),
  });
  if (code !== 0) throw new Error(`The Storybook could not be built:\n${output}`);
}

function answer(request, response) {
  const { pathname } = new URL(request.url, 'http://localhost');
  const file = path.join(DIST, path.normalize(decodeURIComponent(pathname)));
  if (!file.startsWith(DIST) || !existsSync(file) || !statSync(file).isFile()) {
    response.writeHead(404).end();
    return;
  }
  response.writeHead(200, { 'content-type': CONTENT_TYPES[path.extname(file)] ?? 'application/octet-stream' });
  createReadStream(file).pipe(response);
}

/**
 * Builds and serves the Storybook, and starts a browser.
 *
 * @returns the ids and titles of all stories in their order, a way to open pages, and the end of it all.
 */
export async function openBook() {
  await build();
  const index = JSON.parse(readFileSync(path.join(DIST, 'index.json'), 'utf8'));
  const server = createServer(answer);
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${server.address().port}`;
  const browser = await chromium.launch(await resolveBrowser());
  return {
    stories: Object.values(index.entries).filter(({ type }) => type === 'story'),
    openPage: (globals) => openPage(browser, origin, globals),
    close: async () => {
      await browser.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** One page under the given globals of the toolbar; `visit` shows a story, plays it and checks it. */
async function openPage(browser, origin, globals) {
  const context = await browser.newContext({
    viewport: { width: 1320, height: 900 },
    reducedMotion: 'reduce',
    // Storybook knows a test by this word, and ends animations at once instead of waiting for them.
    userAgent: `Chrome/${browser.version()} StorybookTestRunner`,
    locale: 'en-GB',
    timezoneId: 'Europe/London',
  });
  const page = await context.newPage();
  let troubles = [];
  page.on('pageerror', (error) => troubles.push(`uncaught: ${error.message}`));
  const load = async () => {
    await page.goto(`${origin}/iframe.html?viewMode=story`);
    await page.waitForFunction(() => globalThis.__STORYBOOK_PREVIEW__?.storyStoreValue !== undefined);
    // An address without a story has no globals either.
    await page.evaluate(turnGlobals, globals);
  };
  await load();
  return {
    page,
    close: () => context.close(),
    /** What went wrong with a story: nothing when all is well. */
    visit: async (storyId) => {
      troubles = [];
      const deadline = AbortSignal.timeout(STORY_TIMEOUT_MS);
      const late = new Promise((resolve) => {
        deadline.addEventListener('abort', () => resolve([`not finished after ${STORY_TIMEOUT_MS} ms`]));
      });
      const found = await Promise.race([page.evaluate(visitInPage, storyId), late]);
      if (deadline.aborted) await load();
      return [...found, ...troubles];
    },
  };
}

/** Runs in the page: turns the toolbar. */
function turnGlobals(wanted) {
  const channel = globalThis.__STORYBOOK_ADDONS_CHANNEL__;
  return new Promise((resolve, reject) => {
    channel.once('globalsUpdated', ({ userGlobals }) => {
      const isTurned = Object.entries(wanted).every(([name, value]) => userGlobals[name] === value);
      if (isTurned) resolve();
      else reject(new Error(`The toolbar shows ${JSON.stringify(userGlobals)}.`));
    });
    channel.emit('updateGlobals', { globals: wanted });
  });
}

/** Runs in the page: asks for a story and gathers what Storybook tells of it until it is finished. */
function visitInPage(storyId) {
  const channel = globalThis.__STORYBOOK_ADDONS_CHANNEL__;
  return new Promise((resolve) => {
    const found = [];
    const listeners = {
      // Testing Library goes on with the whole document.
      playFunctionThrewException: (error) => found.push(`play: ${error.message.split('\n\n', 1)[0]}`),
      unhandledErrorsWhilePlaying: (errors) => found.push(...errors.map(({ message }) => `unhandled: ${message}`)),
      storyThrewException: (error) => found.push(`threw: ${error.message}`),
      storyErrored: ({ title, description }) => found.push(`error: ${title} ${description}`),
      storyMissing: () => finish([`missing: there is no story ${storyId}`]),
      storyFinished: (event) => {
        if (event.storyId !== storyId) return;
        const reports = event.reporters.filter(({ type }) => type === 'a11y');
        const isChecked = reports.length > 0 && reports.every(({ result }) => result.violations !== undefined);
        if (event.status === 'success' && !isChecked) found.push('axe: did not run');
        for (const { result } of reports) {
          if (result.error !== undefined) found.push(`axe: ${result.error}`);
          for (const { id, help, nodes } of result.violations ?? []) {
            for (const { target, html, failureSummary } of nodes) {
              found.push(`axe ${id}: ${help}\n    at ${target.flat().join(' ')}\n    ${html}\n    ${failureSummary}`);
            }
          }
        }
        if (event.status !== 'success' && found.length === 0) found.push('failed without a word');
        finish(found);
      },
    };
    const finish = (answer) => {
      for (const [name, listener] of Object.entries(listeners)) channel.off(name, listener);
      resolve(answer);
    };
    for (const [name, listener] of Object.entries(listeners)) channel.on(name, listener);
    channel.emit('setCurrentStory', { storyId, viewMode: 'story' });
  });
}
