import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';
import { findFreePortBase } from './ports.ts';
import { startStack } from './stack.ts';
import type { Stack } from './stack.ts';
import { until } from './testing/until.ts';

interface BrowserChoice {
  readonly executablePath: string;
  readonly args: string[];
}

const QUEUE_NAMES = ['Sales UK', 'Customer Support', 'Billing', 'Technical Help'];

async function resolveBrowser(): Promise<BrowserChoice> {
  const resolver = new URL('../../../scripts/browser.mjs', import.meta.url);
  const found = (await import(fileURLToPath(resolver))) as { resolveBrowser: () => Promise<BrowserChoice> };
  return found.resolveBrowser();
}

describe('the standalone page', { timeout: 180_000 }, () => {
  let dataDir: string;
  let stack: Stack;
  let browser: Browser;

  const logIn = async (page: Page, email: string): Promise<void> => {
    await page.goto(stack.url);
    await page.getByLabel('E-mail address').fill(email);
    await page.getByLabel('Password').fill('lumina');
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.waitForURL((url) => url.href.startsWith(stack.url));
  };

  /** What a screen reader would find on the board: it looks through shadow roots. */
  const boardOf = (page: Page): Promise<string> => page.locator('app-board').ariaSnapshot();

  before(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'lumina-page-'));
    stack = await startStack({
      portBase: await findFreePortBase(),
      dataDir,
      simulator: true,
      history: false,
      onFailure: (error) => {
        process.stderr.write(`${error.message}\n`);
      },
    });
    browser = await chromium.launch(await resolveBrowser());
  });

  after(async () => {
    await browser.close();
    await stack.stop();
    await rm(dataDir, { recursive: true });
  });

  test('after login it shows tiles with names, whose numbers move', async () => {
    const page = await browser.newPage();
    const failures: string[] = [];
    page.on('pageerror', (error) => failures.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') failures.push(message.text());
    });
    await logIn(page, 'viewer@uk.example');

    const named = await until('a queue by its name', 30_000, async () => {
      const text = await boardOf(page);
      return QUEUE_NAMES.some((name) => text.includes(name)) ? text : undefined;
    });
    assert.doesNotMatch(named, /\bq_[a-z]+\b|\bag_\d+\b/, 'an id is shown where a name belongs');

    const callsNumber = page.locator('lumina-widget[metric="call_count"]:not([kind="line"]) .number');
    const callsOf = async (): Promise<number | undefined> => {
      const digits = (await callsNumber.innerText()).replaceAll(',', '');
      return /^\d+$/.test(digits) ? Number(digits) : undefined;
    };
    const first = await until('a number of calls', 30_000, callsOf);
    const moved = await until('the number of calls to move', 60_000, async () => {
      const now = await callsOf();
      return now === first ? undefined : now;
    });
    assert.ok(moved > first, `calls of the last hour went from ${String(first)} to ${String(moved)}`);
    assert.deepEqual(failures, []);
    await page.close();
  });

  test('a reload needs no second login', async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    await logIn(page, 'viewer@us.example');
    await page.locator('lumina-widget').first().waitFor();
    await page.reload();
    await page.locator('lumina-widget').first().waitFor();
    assert.ok(page.url().startsWith(stack.url));
    await context.close();
  });
});
