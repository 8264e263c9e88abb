import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { findFreePortBase } from './ports.ts';
import { BOARDS } from './seeds/dashboards.ts';
import { startStack } from './stack.ts';
import type { Stack } from './stack.ts';
import { launchBrowser, logIn } from './testing/board-page.ts';
import { until } from './testing/until.ts';

const QUEUE_NAMES = ['Sales UK', 'Customer Support', 'Billing', 'Technical Help'];

describe('the standalone page', { timeout: 180_000 }, () => {
  let dataDir: string;
  let stack: Stack;
  let browser: Browser;

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
    browser = await launchBrowser();
  });

  after(async () => {
    await browser.close();
    await stack.stop();
    await rm(dataDir, { recursive: true });
  });

  test('after login it lists the boards, each of which opens with names and numbers that move', async () => {
    const page = await browser.newPage();
    const failures: string[] = [];
    page.on('pageerror', (error) => failures.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') failures.push(message.text());
    });
    await logIn(page, stack.url, 'viewer@uk.example');
    await page.getByRole('heading', { name: 'Dashboards', level: 1 }).waitFor();
    for (const { title } of BOARDS) await page.getByRole('link', { name: title }).first().waitFor();
    await page.locator('app-board-card').getByRole('link', { name: 'Queues' }).click();

    const board = page.locator('lumina-dashboard');
    const named = await until('a queue by its name', 30_000, async () => {
      const text = await board.ariaSnapshot();
      return QUEUE_NAMES.some((name) => text.includes(name)) ? text : undefined;
    });
    assert.doesNotMatch(named, /\bq_[a-z]+\b|\bag_\d+\b/, 'an id is shown where a name belongs');

    await page.locator('app-rail').getByRole('link', { name: 'Calls' }).click();
    const callsNumber = board.getByRole('region', { name: 'Calls', exact: true }).locator('lumina-stat .number');
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

  test('a link into the page survives the login, and a reload needs no second one', async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    const path = '/boards/queues?range=15m&zone=UTC';
    await logIn(page, stack.url, 'viewer@us.example', path);
    await page.locator('lumina-dashboard').waitFor();
    assert.equal(page.url(), new URL(path, stack.url).href);
    await page.reload();
    await page.locator('lumina-dashboard').waitFor();
    assert.equal(page.url(), new URL(path, stack.url).href);
    await context.close();
  });

  test('somebody of no territory names one, and sees it', async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    await logIn(page, stack.url, 'super@lumina.example');
    await page.getByLabel('Territory number').fill('202');
    await page.getByLabel('Region').selectOption('United States');
    await page.getByLabel('Reason').fill('ticket 7');
    await page.getByRole('button', { name: 'Show this territory' }).click();
    await page.getByText('You are looking at Meridian Home US: ticket 7').waitFor();
    await page.locator('app-board-card').first().waitFor();
    await context.close();
  });

  test('a region that does not run is told apart from one that does not exist', async () => {
    for (const [email, heading] of [
      ['viewer@au.example', 'Your region does not answer'],
      ['viewer@nowhere.example', 'Your account names no known region'],
    ] as const) {
      const context = await browser.newContext();
      const page = await context.newPage();
      await logIn(page, stack.url, email);
      await page.getByRole('heading', { name: heading }).waitFor();
      await context.close();
    }
  });
});
