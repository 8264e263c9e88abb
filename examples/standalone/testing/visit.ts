import { chromium } from 'playwright-core';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { resolveBrowser } from '../../../scripts/browser.mjs';

/** How a visitor looks at the page. */
export interface VisitOptions {
  readonly settings?: Readonly<Record<string, string>>;
  readonly width?: number;
  readonly height?: number;
  readonly locale?: string;
}

/** A page somebody looks at, and what its console said. */
export interface Visit {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly failures: readonly string[];
}

/** Starts the browser that all tests share. */
export async function launchBrowser(): Promise<Browser> {
  return chromium.launch(await resolveBrowser());
}

/** Opens an address as a new visitor. */
export async function visit(browser: Browser, url: string, options: VisitOptions = {}): Promise<Visit> {
  const { settings, width = 1280, height = 900, locale = 'en-GB' } = options;
  const context = await browser.newContext({ viewport: { width, height }, locale });
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  const failures: string[] = [];
  page.on('pageerror', (error) => failures.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') failures.push(message.text());
  });
  if (settings !== undefined) {
    await page.addInitScript((text) => {
      localStorage.setItem('lumina.settings', text);
    }, JSON.stringify(settings));
  }
  await page.goto(url);
  return { page, context, failures };
}
