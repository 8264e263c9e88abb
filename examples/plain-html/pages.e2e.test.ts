// Both pages in a browser, under the policies they are served with: every tile shows its numbers, nothing is refused.
import assert from 'node:assert/strict';
import type { Server } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';
import { resolveBrowser } from '../../scripts/browser.mjs';
import { serve } from './server.ts';

const KINDS = ['stat', 'gauge', 'stat', 'line', 'bar', 'table'];
/** Where a screenshot of each page goes, for people who want to look. */
const PICTURES = process.env.LUMINA_PICTURES;

let browser: Browser;
let server: Server;
let url: string;

before(async () => {
  browser = await chromium.launch(await resolveBrowser());
  ({ server, url } = await serve(0));
});

after(async () => {
  await browser.close();
  server.closeAllConnections();
  server.close();
});

/** Opens a page and gathers everything that goes wrong on it. */
async function open(file: string): Promise<{ page: Page; troubles: string[] }> {
  const page = await browser.newPage({ viewport: { width: 1200, height: 1100 } });
  const troubles: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) troubles.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => {
    troubles.push(`error: ${error.message}`);
  });
  page.on('requestfailed', (request) => {
    troubles.push(`request: ${request.url()} ${request.failure()?.errorText ?? ''}`);
  });
  await page.exposeFunction('tellViolation', (text: string) => {
    troubles.push(`policy: ${text}`);
  });
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sample }) => {
      const { tellViolation } = window as unknown as { tellViolation: (text: string) => void };
      tellViolation(`${violatedDirective} ${blockedURI} ${sample}`);
    });
  });
  await page.goto(`${url}/${file}`);
  return { page, troubles };
}

/** Resolves once every tile of the page is ready. */
async function ready(page: Page): Promise<void> {
  await page.waitForFunction(
    (count) => document.querySelectorAll('lumina-widget[state="ready"]').length === count,
    KINDS.length,
    { timeout: 20_000 },
  );
}

const kindsOf = (page: Page): Promise<(string | undefined)[]> =>
  page.evaluate(() =>
    [...document.querySelectorAll('lumina-widget')].map(({ shadowRoot }) =>
      /^LUMINA-(\w+)$/u
        .exec(
          shadowRoot?.querySelector('lumina-stat, lumina-line, lumina-bar, lumina-gauge, lumina-table')?.tagName ?? '',
        )?.[1]
        ?.toLowerCase(),
    ),
  );

for (const file of ['iife.html', 'esm.html']) {
  describe(file, () => {
    test('shows every kind of tile live, and the policy refuses nothing', async () => {
      const { page, troubles } = await open(file);
      await ready(page);
      if (PICTURES !== undefined) await page.screenshot({ path: `${PICTURES}/${file}.png` });
      assert.deepEqual(await kindsOf(page), KINDS);
      assert.deepEqual(troubles, []);
      await page.close();
    });
  });
}

test('the script is served under the strictest policy', async () => {
  const reply = await fetch(`${url}/iife.html`);
  assert.equal(reply.headers.get('content-security-policy'), "default-src 'self'");
});

test('a policy that were broken would be noticed', async () => {
  const { page, troubles } = await open('iife.html');
  await page.evaluate(() => {
    document.body.insertAdjacentHTML('beforeend', '<p style="color: red">inline</p>');
  });
  await page.waitForFunction(() => document.querySelector('p[style]') !== null);
  assert.ok(
    troubles.some((text) => text.startsWith('policy: style-src')),
    troubles.join('\n'),
  );
  await page.close();
});

test('the script leaves the public names in one global', async () => {
  const { page } = await open('iife.html');
  const names = await page.evaluate(() => Object.keys((globalThis as unknown as { Lumina: object }).Lumina));
  const modules = Object.keys(await import('@lumina/sdk'));
  assert.deepEqual(names.sort(), modules.sort());
  await page.close();
});
