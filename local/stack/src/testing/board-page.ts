/// <reference lib="dom" />
import { chromium } from 'playwright-core';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { resolveBrowser } from '../../../../scripts/browser.mjs';

/** One tile as a reader of the board sees it. */
export interface SeenTile {
  /** Metrics of its query, separated by commas. */
  readonly metrics: string;
  readonly kind: string;
  readonly state: string;
  /** The number of a stat tile, without its unit; empty for other kinds. */
  readonly value: string;
}

/** What stood on the board at an instant. */
export interface Sample {
  readonly atMs: number;
  readonly tiles: readonly SeenTile[];
}

interface WatchedWindow {
  luminaSamples: Sample[];
  luminaTiles: () => SeenTile[];
}

const SAMPLE_EVERY_MS = 200;
const KEPT_SAMPLES = 1000;

/** Starts the browser that all tests share. */
export async function launchBrowser(): Promise<Browser> {
  return chromium.launch(await resolveBrowser());
}

/** Runs in the page: reads all tiles through the open shadow roots, and keeps what was seen, a few times a second. */
function watchTiles({ everyMs, kept }: { everyMs: number; kept: number }): void {
  const page = window as unknown as WatchedWindow;
  const below = (root: ParentNode, selector: string): Element[] => [
    ...root.querySelectorAll(selector),
    ...[...root.querySelectorAll('*')].flatMap(({ shadowRoot }) =>
      shadowRoot === null ? [] : below(shadowRoot, selector),
    ),
  ];
  page.luminaSamples = [];
  page.luminaTiles = () =>
    below(document, 'lumina-widget').map((tile) => {
      const { query, metric } = tile as Element & { query?: { metrics: string[] }; metric?: string };
      const [number] = tile.shadowRoot === null ? [] : below(tile.shadowRoot, '.number');
      return {
        metrics: query?.metrics.join(',') ?? metric ?? '',
        kind: tile.getAttribute('kind') ?? '',
        state: tile.getAttribute('state') ?? '',
        value: number?.textContent.trim() ?? '',
      };
    });
  setInterval(() => {
    page.luminaSamples.push({ atMs: Date.now(), tiles: page.luminaTiles() });
    if (page.luminaSamples.length > kept) page.luminaSamples.shift();
  }, everyMs);
}

/** Logs in as a local user on the way to a path of the page, as a person would who opens a link. */
export async function logIn(page: Page, origin: string, email: string, path = '/'): Promise<void> {
  await page.goto(new URL(path, origin).href);
  await page.getByLabel('E-mail address').fill(email);
  await page.getByLabel('Password').fill('lumina');
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.waitForURL((url) => url.href.startsWith(origin));
}

/** A signed-in browser page with a board on it. */
export class BoardPage {
  readonly page: Page;
  readonly context: BrowserContext;
  /** What went wrong in the page, in the words of its console. */
  readonly failures: string[] = [];

  private constructor(context: BrowserContext, page: Page) {
    this.context = context;
    this.page = page;
    page.on('pageerror', (error) => this.failures.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') this.failures.push(message.text());
    });
  }

  /** Logs in as a local user and opens a path of the page. */
  static async open(browser: Browser, origin: string, email: string, path: string): Promise<BoardPage> {
    const context = await browser.newContext({ viewport: { width: 1440, height: 1000 } });
    const page = await context.newPage();
    const board = new BoardPage(context, page);
    await page.addInitScript(watchTiles, { everyMs: SAMPLE_EVERY_MS, kept: KEPT_SAMPLES });
    await logIn(page, origin, email, path);
    return board;
  }

  /** What stands on the board now. */
  tiles(): Promise<SeenTile[]> {
    return this.page.evaluate(() => (window as unknown as WatchedWindow).luminaTiles());
  }

  /** What stood on the board from an instant on. */
  samplesSince(sinceMs: number): Promise<Sample[]> {
    return this.page.evaluate(
      (since) => (window as unknown as WatchedWindow).luminaSamples.filter(({ atMs }) => atMs >= since),
      sinceMs,
    );
  }

  /** The number of the stat tile of one metric; undefined while it shows none. */
  async number(metric: string): Promise<number | undefined> {
    const tile = (await this.tiles()).find(({ kind, metrics }) => kind === 'stat' && metrics === metric);
    const digits = (tile?.value ?? '').replaceAll(',', '');
    return /^-?\d+(\.\d+)?$/u.test(digits) ? Number(digits) : undefined;
  }

  /** Waits in the page, frame by frame, until the stat tile of a metric shows a text; answers the instant. */
  async whenShown(metric: string, text: string, timeoutMs: number): Promise<number> {
    const handle = await this.page.waitForFunction(
      ([wantedMetric, wantedText]) =>
        (window as unknown as WatchedWindow)
          .luminaTiles()
          .some(({ kind, metrics, value }) => kind === 'stat' && metrics === wantedMetric && value === wantedText) &&
        Date.now(),
      [metric, text] as const,
      { polling: 'raf', timeout: timeoutMs },
    );
    return (await handle.jsonValue()) as number;
  }

  async close(): Promise<void> {
    await this.context.close();
  }
}
