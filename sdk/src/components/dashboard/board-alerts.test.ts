import { expect } from '@open-wc/testing';
import type { Dashboard, MetricFilter, Widget } from '@lumina/contracts';
import '../../define/all.ts';
import '../../define/lumina-dashboard.ts';
import { useLanguageOf } from '../../i18n/localization.ts';
import { BoardHarness } from '../../testing/board-harness.ts';
import type { FakeAlert } from '../../testing/fake-bff-live.ts';

const NOW_MS = Date.UTC(2026, 2, 17, 10, 42, 30);
const SALES: MetricFilter = { dim: 'queue_id', op: 'in', values: ['q_sales', 'q_vip'] };

const mounted: BoardHarness[] = [];

function alertOf(ruleId: string, more: Partial<FakeAlert> = {}): FakeAlert {
  return {
    ruleId,
    state: 'alerting',
    since: NOW_MS - 30 * 60_000,
    value: 14,
    name: `Rule ${ruleId}`,
    metric: 'queue_depth',
    severity: 'warning',
    filters: [],
    ...more,
  };
}

function tile(id: string, metrics: string[], filters?: MetricFilter[]): Widget {
  const query = { ref: 'A', metrics, ...(filters === undefined ? {} : { filters }) };
  return { id, kind: 'stat', title: id, query, x: 0, y: 0, w: 4, h: 3 };
}

const BOARD: Dashboard = {
  schemaVersion: 1,
  title: 'Given',
  widgets: [
    tile('all', ['queue_depth']),
    tile('sales', ['queue_depth'], [{ ...SALES, values: [...SALES.values].reverse() }]),
    tile('calls', ['call_count']),
  ],
};

async function shown(
  alerts: readonly FakeAlert[],
  attributes: Readonly<Record<string, string>> = {},
): Promise<BoardHarness> {
  const harness = new BoardHarness(attributes, { alerts, startMs: NOW_MS, tickMs: 0 });
  mounted.push(harness);
  harness.board.dashboard = BOARD;
  harness.provider.timeZone = 'Europe/London';
  const arrived = heard(harness, alerts.filter(({ state }) => state === 'alerting').length);
  harness.mount();
  await harness.tilesReady();
  await arrived;
  await harness.rendered();
  return harness;
}

/** Resolves once so many alerts have been heard of. */
function heard(harness: BoardHarness, count: number): Promise<void> {
  let missing = count;
  return new Promise((resolve) => {
    if (count === 0) resolve();
    harness.provider.addEventListener('luminaalert', () => {
      missing -= 1;
      if (missing === 0) resolve();
    });
  });
}

async function told(harness: BoardHarness, ...alerts: readonly FakeAlert[]): Promise<void> {
  const arrived = heard(harness, alerts.length);
  for (const alert of alerts) harness.bff.alert(alert);
  await arrived;
  await harness.rendered();
}

function all(harness: BoardHarness, selector: string): readonly HTMLElement[] {
  return [...(harness.board.shadowRoot?.querySelectorAll<HTMLElement>(selector) ?? [])];
}

const text = (element: Element | null | undefined): string =>
  element?.textContent.replaceAll(/\s+/gu, ' ').trim() ?? '';

function lines(harness: BoardHarness): readonly string[] {
  return all(harness, '.alert').map(text);
}

function marks(harness: BoardHarness): readonly (string | undefined)[] {
  return harness.tiles().map((one) => one.shadowRoot?.querySelector<HTMLElement>('.alerting')?.title);
}

afterEach(async () => {
  for (const harness of mounted.splice(0)) harness.remove();
  await useLanguageOf('en');
});

describe('lumina-dashboard: alerts', () => {
  for (const theme of ['light', 'dark', 'contrast', 'slds'] as const) {
    it(`are accessible, two and many, ${theme}`, async () => {
      const harness = await shown([alertOf('a', { severity: 'critical' }), alertOf('b')]);
      harness.provider.theme = theme;
      await harness.rendered();
      await expect(harness.board).to.be.accessible();
      await told(harness, alertOf('c', { severity: 'info' }));
      await expect(harness.board).to.be.accessible();
      all(harness, '.alert-summary')[0]?.click();
      await harness.rendered();
      await expect(harness.board).to.be.accessible();
    });
  }

  it('say nothing while nothing fires, and have the place for words ready', async () => {
    const harness = await shown([alertOf('a', { state: 'normal' })]);
    expect(all(harness, '.alerts')).to.have.length(0);
    expect(marks(harness)).to.deep.equal([undefined, undefined, undefined]);
    expect(harness.text('.head > [role="status"]')).to.equal('');
    expect(harness.text('.head > [role="alert"]')).to.equal('');
  });

  it('name what fires, since when and with which value, the newest first', async () => {
    const harness = await shown([
      alertOf('a'),
      alertOf('b', { since: NOW_MS - 60_000, severity: 'critical', value: null }),
    ]);
    expect(lines(harness)).to.deep.equal([
      'Critical Rule b since 10:41 · Waiting without data',
      'Warning Rule a since 10:12 · Waiting 14 at first',
    ]);
  });

  it('tell a day that is not today', async () => {
    const harness = await shown([alertOf('a', { since: NOW_MS - 86_400_000 })]);
    expect(lines(harness)[0]).to.include('since 16 Mar, 10:42');
  });

  it('interrupt a screen reader for what is critical only', async () => {
    const harness = await shown([]);
    await told(harness, alertOf('a'));
    expect(harness.text('.head > [role="status"]')).to.include('Warning: Rule a · since 10:12');
    expect(harness.text('.head > [role="alert"]')).to.equal('');
    await told(harness, alertOf('b', { severity: 'critical' }));
    expect(harness.text('.head > [role="alert"]')).to.include('Critical: Rule b');
    await told(harness, alertOf('a', { state: 'normal', since: NOW_MS }));
    expect(harness.text('.head > [role="status"]')).to.equal('Over: Rule a');
  });

  it('go when they are over, and say so', async () => {
    const harness = await shown([alertOf('a')]);
    await told(harness, alertOf('a', { state: 'normal', since: NOW_MS, value: 2 }));
    expect(all(harness, '.alerts')).to.have.length(0);
    expect(harness.text('.head > [role="status"]')).to.equal('Over: Rule a');
  });

  it('are counted where they are many, by gravity, and listed on request', async () => {
    const harness = await shown([alertOf('a'), alertOf('b', { severity: 'critical' }), alertOf('c')]);
    const summary = (): HTMLElement | undefined => all(harness, '.alert-summary')[0];
    expect(text(summary())).to.match(/^3 alerts Critical 1 Warning 2 Rule/u);
    expect(lines(harness)).to.have.length(0);
    expect(summary()?.ariaExpanded).to.equal('false');
    summary()?.click();
    await harness.rendered();
    expect(lines(harness)).to.have.length(3);
    expect(summary()?.ariaExpanded).to.equal('true');
    await told(harness, alertOf('a', { state: 'normal', since: NOW_MS }));
    expect(summary()).to.equal(undefined);
    expect(lines(harness)).to.have.length(2);
  });

  it('mark the tiles that show the very numbers, with the same words', async () => {
    const harness = await shown([alertOf('a'), alertOf('b', { filters: [SALES], severity: 'critical' })]);
    const words = (name: string): string => `${name} · since 10:12 · Waiting 14 at first`;
    expect(marks(harness)).to.deep.equal([words('Warning: Rule a'), words('Critical: Rule b'), undefined]);
    const [, sales] = harness.tiles();
    expect(text(sales?.shadowRoot?.querySelector('[role="menuitem"][aria-disabled]'))).to.equal(
      words('Critical: Rule b'),
    );
  });

  it('mark no tile where nobody says what the rule looks at', async () => {
    const { filters: _filters, ...bare } = alertOf('a');
    const harness = await shown([bare]);
    expect(lines(harness)).to.have.length(1);
    expect(marks(harness)).to.deep.equal([undefined, undefined, undefined]);
  });

  it('are left to the host on request', async () => {
    const harness = await shown([alertOf('a', { severity: 'critical' })], { alerts: 'none' });
    expect(all(harness, '.alerts, .head > [role]')).to.have.length(0);
  });

  it('speak German', async () => {
    await useLanguageOf('de');
    const harness = await shown([alertOf('a', { severity: 'critical' })]);
    harness.provider.locale = 'de-DE';
    await harness.rendered();
    await harness.rendered();
    expect(lines(harness)).to.deep.equal(['Kritisch Rule a seit 10:12 · Wartende anfangs 14']);
    expect(all(harness, '.alerts')[0]?.ariaLabel).to.equal('Alarme');
  });
});
