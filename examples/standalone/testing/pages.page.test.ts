/// <reference lib="dom" />
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import axe from 'axe-core';
import type { AxeResults } from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { startPageServer } from './page-server.ts';
import type { PageServer } from './page-server.ts';
import { launchBrowser, visit } from './visit.ts';
import type { Visit, VisitOptions } from './visit.ts';

/** Every page and state: its address, and the heading by which it is known to be there. */
const PAGES = [
  ['list', '/?scenario=live', 'Dashboards'],
  ['board', '/boards/queues?scenario=live', 'Queues'],
  ['settings', '/settings?scenario=live', 'Settings'],
  ['no such page', '/nope?scenario=live', 'There is no such page'],
  ['no such board', '/boards/none?scenario=live', 'There is no such dashboard'],
  ['no boards', '/?scenario=no-boards', 'There are no dashboards yet'],
  ['many boards', '/?scenario=many-boards', 'Dashboards'],
  ['not set up', '/?scenario=unconfigured', 'Lumina is not set up here'],
  ['sign-in failed', '/?scenario=signed-out', 'Signing in did not work'],
  ['region unavailable', '/?scenario=error&now', 'Your region does not answer'],
  ['territory to be named', '/?scenario=territory&now', 'Which territory?'],
  ['no access', '/?scenario=denied&now', 'You have no access here'],
] as const;

describe('the page', { timeout: 180_000 }, () => {
  let server: PageServer;
  let browser: Browser;

  const open = (path: string, options?: VisitOptions): Promise<Visit> =>
    visit(browser, `${server.url}${path}`, options);
  const heading = (page: Page, name: string) => page.getByRole('heading', { name, exact: true }).first();
  /** The tag that has the focus, through all shadow roots. */
  const focusedTag = (page: Page): Promise<string | undefined> =>
    page.evaluate(() => {
      let element = document.activeElement;
      while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
      return element?.tagName;
    });
  const pathOf = (page: Page): string => page.url().slice(server.url.length);

  before(async () => {
    [server, browser] = await Promise.all([startPageServer(), launchBrowser()]);
  });
  after(async () => {
    await browser.close();
    await server.close();
  });

  describe('can be used by everybody', () => {
    for (const theme of ['light', 'dark', 'contrast']) {
      test(`nothing for axe to find on any page in ${theme}`, async () => {
        const { page, context, failures } = await open('/?scenario=live', { settings: { theme } });
        for (const [name, path, title] of PAGES) {
          await page.goto(`${server.url}${path}`);
          await heading(page, title).waitFor();
          // Typed by hand into the page, since its policy lets no other script in. Themes differ in colours alone.
          await page.evaluate(axe.source);
          const rules = theme === 'light' ? '{}' : "{runOnly: ['color-contrast']}";
          const { violations } = await page.evaluate<AxeResults>(`axe.run(${rules})`);
          const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
          assert.deepEqual(found, [], `${name} in ${theme}`);
          assert.deepEqual(failures, [], `console of ${name} in ${theme}`);
        }
        await context.close();
      });
    }

    test('the keyboard alone leads past the rail, into a board, and to every page', async () => {
      const { page, context } = await open('/');
      await heading(page, 'Dashboards').waitFor();
      await page.locator('app-board-card').first().waitFor();
      await page.keyboard.press('Tab');
      assert.match(await page.locator('app-rail .skip').innerText(), /Skip to content/u);
      await page.keyboard.press('Enter');
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      await page.locator('lumina-dashboard').waitFor();
      assert.match(pathOf(page), /^\/boards\/\w+$/u);
      assert.equal(await focusedTag(page), 'H1');
      await page.locator('app-rail').getByRole('link', { name: 'Settings' }).press('Enter');
      await heading(page, 'Settings').waitFor();
      assert.equal(await focusedTag(page), 'H1');
      await context.close();
    });
  });

  test('nothing scrolls sideways, from the narrowest telephone to the widest wall', async () => {
    const { page, context } = await open('/?scenario=live');
    for (const [name, path, title] of PAGES) {
      await page.goto(`${server.url}${path}`);
      await heading(page, title).waitFor();
      for (const width of [320, 360, 768, 2560]) {
        await page.setViewportSize({ width, height: 740 });
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert.ok(overflow <= 0, `${name} is ${String(overflow)} px too wide for ${String(width)} px`);
      }
    }
    await context.close();
  });

  test('a title without a place to break stays in its card, in the rail and on its board', async () => {
    const { page, context } = await open('/?scenario=long-title');
    for (const path of ['/', '/boards/queues']) {
      await page.goto(`${server.url}${path}`);
      await page
        .getByRole('heading', { name: /^Unbroken/u })
        .first()
        .waitFor();
      for (const width of [320, 768, 1280]) {
        await page.setViewportSize({ width, height: 740 });
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert.ok(overflow <= 0, `${path} is ${String(overflow)} px too wide for ${String(width)} px`);
        for (const card of await page.locator('app-board-card').all()) {
          const sizes = await card.evaluate((element) => {
            const title = element.shadowRoot?.querySelector('h2');
            const list = element.closest('ul')?.getBoundingClientRect();
            const { right = 0 } = title?.getBoundingClientRect() ?? {};
            return {
              isInList: element.getBoundingClientRect().right <= (list?.right ?? 0) + 1,
              isInCard: right <= element.getBoundingClientRect().right,
              isWhole: (title?.scrollWidth ?? 0) <= (title?.clientWidth ?? 0),
            };
          });
          assert.deepEqual(sizes, { isInList: true, isInCard: true, isWhole: true }, `a card at ${String(width)} px`);
        }
      }
    }
    await context.close();
  });

  test('a card opens its board, whose title is the document’s; back leads to the list', async () => {
    const { page, context } = await open('/');
    await page.locator('app-board-card').getByRole('link', { name: 'Queues' }).click();
    await page.locator('lumina-dashboard').waitFor();
    await page.waitForFunction(() => document.title.startsWith('Queues · '));
    await page.goBack();
    await heading(page, 'Dashboards').waitFor();
    assert.match(await page.title(), /^Dashboards · .* · Lumina$/u);
    await context.close();
  });

  test('range and zone of a board are in its address, and a link with them shows the same', async () => {
    const { page, context } = await open('/boards/queues?range=15m&zone=Asia/Kolkata');
    const board = page.locator('lumina-dashboard');
    await board.waitFor();
    assert.equal(await board.getAttribute('range'), '15m');
    assert.equal(await board.getAttribute('time-zone'), 'Asia/Kolkata');
    await board.evaluate((element) => {
      (element as HTMLElement & { setRange(range: object): void }).setRange({ calendar: 'today' });
    });
    await page.waitForURL((url) => url.search === '?range=today&zone=Asia/Kolkata');
    await page.locator('app-rail').getByRole('link', { name: 'Calls' }).click();
    assert.equal(pathOf(page), '/boards/calls?range=today&zone=Asia/Kolkata');
    await context.close();
  });

  test('settings apply at once and are there after a reload', async () => {
    const { page, context } = await open('/settings');
    await page.getByLabel('Dark', { exact: true }).check();
    assert.equal(await page.locator('html').getAttribute('data-theme'), 'dark');
    await page.getByLabel('Compact', { exact: true }).check();
    assert.equal(await page.locator('lumina-provider').getAttribute('density'), 'compact');
    await page.getByLabel('Time zone').selectOption('Asia/Tokyo');
    assert.equal(await page.locator('lumina-provider').getAttribute('time-zone'), 'Asia/Tokyo');
    await page.getByLabel('Language').selectOption('de');
    await heading(page, 'Einstellungen').waitFor();
    await page.reload();
    await heading(page, 'Einstellungen').waitFor();
    assert.equal(await page.locator('html').getAttribute('lang'), 'de');
    assert.equal(await page.locator('html').getAttribute('data-theme'), 'dark');
    assert.equal(await page.getByLabel('Zeitzone').inputValue(), 'Asia/Tokyo');
    assert.match(await page.title(), /^Einstellungen · /u);
    await context.close();
  });

  test('a browser in German needs no choice', async () => {
    const { page, context } = await open('/nope', { locale: 'de-AT' });
    await heading(page, 'Diese Seite gibt es nicht').waitFor();
    assert.equal(await page.locator('lumina-provider').getAttribute('locale'), 'de-AT');
    await context.close();
  });

  test('on a wall the board has the page for itself, until Escape', async () => {
    const { page, context } = await open('/boards/calls?view=wall&range=1h');
    await page.locator('lumina-dashboard').waitFor();
    assert.equal(await page.locator('app-rail').count(), 0);
    assert.equal(await page.locator('lumina-provider').getAttribute('density'), 'wall');
    await page.keyboard.press('Escape');
    await page.locator('app-rail').waitFor();
    assert.equal(pathOf(page), '/boards/calls?range=1h');
    await page.locator('app-rail').getByRole('button', { name: 'Wall mode' }).click();
    await page.waitForURL((url) => url.searchParams.get('view') === 'wall');
    await context.close();
  });

  test('many boards can be searched', async () => {
    const { page, context } = await open('/?scenario=many-boards');
    await page.getByLabel('Search dashboards').fill('queues team 3');
    const cards = page.locator('app-board-card');
    await page.waitForFunction(() => {
      const list = document.querySelector('app-root')?.shadowRoot?.querySelector('app-content')?.shadowRoot;
      return list?.querySelector('app-list-page')?.shadowRoot?.querySelectorAll('app-board-card').length === 1;
    });
    assert.match(await cards.getByRole('heading').innerText(), /^Queues, team 3/u);
    await page.getByLabel('Search dashboards').fill('nothing of that name');
    await heading(page, 'No dashboard is called “nothing of that name”').waitFor();
    await context.close();
  });

  test('an error names its code and the request, and trying again helps once the service is back', async () => {
    const { page, context } = await open('/?scenario=error&now');
    await page.getByText(/region_unavailable · .* · req_/u).waitFor();
    await page.evaluate(() => {
      sessionStorage.removeItem('lumina.preview');
    });
    await page.goto(`${server.url}/`);
    await heading(page, 'Dashboards').waitFor();
    await context.close();
  });

  test('a session that ends in view is said over the board, which keeps its address', async () => {
    const { page, context } = await open('/boards/queues?range=15m&scenario=session-over');
    await page.getByText('Your session has ended').waitFor();
    await page.locator('lumina-widget').first().getByRole('button', { name: 'Sign in again' }).click();
    await page.getByText('Your session has ended').waitFor({ state: 'detached' });
    assert.match(pathOf(page), /^\/boards\/queues\?range=15m/u);
    await context.close();
  });

  test('signing out ends at a page that says so, and signs nobody in by itself', async () => {
    const { page, context } = await open('/settings');
    await page.locator('app-settings-page').getByRole('button', { name: 'Sign out' }).click();
    await heading(page, 'You have signed out').waitFor();
    await page.getByRole('button', { name: 'Sign in' }).click();
    await heading(page, 'Dashboards').waitFor();
    await context.close();
  });

  test('signing out in one tab ends what the other tabs show', async () => {
    const { page, context } = await open('/settings');
    const other = await context.newPage();
    await other.goto(`${server.url}/boards/queues`);
    await other.locator('lumina-dashboard').waitFor();
    await page.locator('app-settings-page').getByRole('button', { name: 'Sign out' }).click();
    await heading(other, 'You have signed out').waitFor();
    assert.equal(await other.locator('lumina-provider').count(), 0);
    await other.reload();
    await heading(other, 'You have signed out').waitFor();
    await other.getByRole('button', { name: 'Sign in' }).click();
    await other.locator('lumina-dashboard').waitFor();
    assert.equal(pathOf(other), '/boards/queues');
    await context.close();
  });

  test('somebody of no territory names one with a reason, and ends it', async () => {
    const { page, context } = await open('/?scenario=territory&now');
    await page.getByLabel('Territory number').fill('101');
    await page.getByLabel('Reason').fill('ticket 7');
    await page.getByRole('button', { name: 'Show this territory' }).click();
    await page.getByText('You are looking at Albion Telecom: ticket 7').waitFor();
    await heading(page, 'Dashboards').waitFor();
    await page.getByRole('button', { name: 'Another territory' }).click();
    await heading(page, 'Which territory?').waitFor();
    await context.close();
  });
});
