import { expect, oneEvent } from '@open-wc/testing';
import type { Dashboard, Widget } from '@lumina/contracts';
import '../../define/all.ts';
import '../../define/lumina-dashboard.ts';
import { LuminaError } from '../../client/lumina-error.ts';
import { useLanguageOf } from '../../i18n/localization.ts';
import { BoardHarness } from '../../testing/board-harness.ts';
import type { FakeDashboard } from '../../testing/fake-bff-dashboards.ts';
import type { FakeBffOptions } from '../../testing/fake-bff.ts';
import type { DashboardState } from './dashboard.ts';

const mounted: BoardHarness[] = [];
const frames: HTMLElement[] = [];

function harnessOf(attributes: Readonly<Record<string, string>> = {}, options: FakeBffOptions = {}): BoardHarness {
  const harness = new BoardHarness({ 'dashboard-id': 'queues', ...attributes }, options);
  mounted.push(harness);
  return harness;
}

/** A part of the page with a width. */
function frameOf(widthPx: number): HTMLElement {
  const frame = document.createElement('div');
  frame.style.width = `${String(widthPx)}px`;
  document.body.append(frame);
  frames.push(frame);
  return frame;
}

function widget(id: string, x: number, y: number, w: number, more: Partial<Widget> = {}): Widget {
  return { id, kind: 'stat', title: id, query: { ref: 'A', metrics: ['queue_depth'] }, x, y, w, h: 2, ...more };
}

function boardOf(widgets: readonly Widget[], more: Partial<Dashboard> = {}): Dashboard {
  return { schemaVersion: 1, title: 'Given', widgets: [...widgets], ...more };
}

function liveRequests(harness: BoardHarness): readonly { readonly range: unknown; readonly timeZone?: string }[] {
  const bodies = harness.bodies('/api/live') as readonly { readonly requests?: readonly unknown[] }[];
  return bodies.flatMap((body) => (body.requests ?? [body]) as readonly { range: unknown; timeZone?: string }[]);
}

async function pressed(harness: BoardHarness, key: string): Promise<void> {
  const menu = harness.menu('zone').shadowRoot?.activeElement ?? harness.menu('range').shadowRoot?.activeElement;
  menu?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, composed: true }));
  await harness.rendered();
}

afterEach(async () => {
  for (const harness of mounted.splice(0)) harness.remove();
  for (const frame of frames.splice(0)) frame.remove();
  await useLanguageOf('en');
});

describe('lumina-dashboard: accessibility', () => {
  const states: readonly (readonly [DashboardState, Readonly<Record<string, string>>, FakeBffOptions])[] = [
    ['idle', { 'dashboard-id': '' }, {}],
    ['ready', {}, {}],
    ['error', { 'dashboard-id': 'none' }, {}],
    ['denied', {}, { scenario: { problem: 'forbidden' } }],
    ['offline', {}, { scenario: 'offline' }],
    ['upgrade', {}, { scenario: { problem: 'upgrade_required' } }],
  ];
  for (const theme of ['light', 'dark', 'contrast'] as const) {
    for (const [state, attributes, options] of states) {
      it(`${state}, ${theme}`, async () => {
        const harness = harnessOf(attributes, options);
        harness.provider.theme = theme;
        harness.mount();
        if (state === 'ready') await harness.tilesReady();
        else await harness.reached(state);
        await expect(harness.board).to.be.accessible();
      });
    }

    it(`loading, ${theme}`, async () => {
      const harness = harnessOf({}, { scenario: 'hanging' });
      harness.provider.theme = theme;
      harness.mount();
      await harness.reached('loading');
      await expect(harness.board).to.be.accessible();
    });

    it(`no tiles, ${theme}`, async () => {
      const harness = harnessOf();
      harness.provider.theme = theme;
      harness.board.dashboard = boardOf([]);
      harness.mount();
      await harness.reached('empty');
      await expect(harness.board).to.be.accessible();
    });

    it(`open menus, ${theme}`, async () => {
      const harness = harnessOf();
      harness.provider.theme = theme;
      harness.board.dashboard = boardOf([widget('a', 0, 0, 3)]);
      harness.mount();
      await harness.reached('ready');
      for (const name of ['range', 'zone', 'refresh'] as const) {
        await harness.open(name);
        await expect(harness.toolbar()).to.be.accessible();
        harness.menu(name).close();
      }
    });
  }
});

describe('lumina-dashboard: loading', () => {
  it('shows the stored board with a tile per widget', async () => {
    const harness = harnessOf().mount();
    await harness.tilesReady();
    expect(harness.toolbar()?.shadowRoot?.querySelector('h2')?.textContent).to.equal('Queues');
    expect(harness.tiles().map(({ kind, heading }) => `${kind} ${heading}`)).to.deep.equal([
      'stat Waiting now',
      'gauge Service level',
      'stat Longest wait',
      'stat Abandoned',
      'line Depth by queue',
      'table All queues',
    ]);
  });

  it('offers nothing to choose, and no zone, before there is a board', async () => {
    const harness = harnessOf({}, { scenario: 'hanging' }).mount();
    await harness.reached('loading');
    await harness.rendered();
    expect(harness.toolbar()?.shadowRoot?.querySelector('.tools, lumina-menu')).to.equal(null);
  });

  it('says that there is no such board, and finds one when the id changes', async () => {
    const harness = harnessOf({ 'dashboard-id': 'none' });
    const told = oneEvent(harness.board, 'luminaerror');
    harness.mount();
    await harness.reached('error');
    const { detail } = (await told) as CustomEvent<{ code: string; retryable: boolean }>;
    expect([detail.code, detail.retryable]).to.deep.equal(['NOT_FOUND', false]);
    expect(harness.text('.notice .what')).to.equal('There is no such dashboard.');
    harness.board.dashboardId = 'calls';
    await harness.reached('ready');
    expect(harness.tiles()).to.have.length(6);
  });

  it('asks again by the button of a refusal', async () => {
    const harness = harnessOf({}, { scenario: { problem: 'forbidden' } }).mount();
    await harness.reached('denied');
    harness.bff.scenario = 'live';
    harness.board.shadowRoot?.querySelector<HTMLElement>('.notice button')?.click();
    await harness.reached('ready');
  });

  it('says calmly that the service has outgrown it, and asks nothing more', async () => {
    const harness = harnessOf().mount();
    await harness.tilesReady();
    harness.bff.scenario = { problem: 'upgrade_required' };
    harness.bff.cut();
    await harness.reached('upgrade');
    const { length } = harness.bff.requests;
    const notice = harness.board.shadowRoot?.querySelector('.notice');
    expect(notice?.getAttribute('role')).to.equal('status');
    expect(notice?.textContent).to.contain('A newer version of this board is available.');
    expect(notice?.querySelector('button')?.textContent).to.equal('Reload');
    harness.board.refreshNow();
    expect(harness.bff.requests).to.have.length(length);
  });

  it('loads nothing when it is given a board', async () => {
    const harness = harnessOf();
    harness.board.dashboard = boardOf([widget('a', 0, 0, 3)]);
    harness.mount();
    await harness.tilesReady();
    expect(harness.bff.requests.filter(({ path }) => path.startsWith('/api/dashboards'))).to.have.length(0);
  });

  it('leaves the toolbar out, and takes the level of its title', async () => {
    const harness = harnessOf({ toolbar: 'none' }).mount();
    await harness.reached('ready');
    expect(harness.toolbar()).to.equal(undefined);
    harness.board.setAttribute('toolbar', 'auto');
    harness.board.setAttribute('heading-level', '3');
    await harness.rendered();
    expect(harness.toolbar()?.shadowRoot?.querySelector('h3')?.textContent).to.equal('Queues');
  });
});

describe('lumina-dashboard: grid', () => {
  const board = boardOf([
    widget('late', 0, 2, 12, { kind: 'line', h: 4 }),
    widget('b', 3, 0, 3),
    widget('a', 0, 0, 3),
    widget('c', 6, 0, 6),
  ]);

  async function placesAt(widthPx: number): Promise<Record<string, DOMRect>> {
    const harness = harnessOf();
    harness.board.dashboard = board;
    harness.mount(frameOf(widthPx));
    await harness.reached('ready');
    return Object.fromEntries(harness.tiles().map((tile) => [tile.heading, tile.getBoundingClientRect()]));
  }

  it('has twelve columns with room for them', async () => {
    const { a, b, c, late } = await placesAt(1212);
    expect([a?.width, b?.width, c?.width, late?.width].map((px) => Math.round(px ?? 0))).to.deep.equal([
      294, 294, 600, 1212,
    ]);
    expect(new Set([a?.top, b?.top, c?.top]).size).to.equal(1);
    expect(a?.height).to.equal(2 * 56 + 12);
    expect(Math.round((late?.top ?? 0) - (a?.bottom ?? 0))).to.equal(12);
  });

  it('has six columns in between, without holes', async () => {
    const { a, b, c, late } = await placesAt(760);
    expect(a?.top).to.equal(b?.top);
    expect(Math.round((a?.width ?? 0) + (b?.width ?? 0))).to.equal(748);
    expect([c?.width, late?.width]).to.deep.equal([760, 760]);
  });

  it('has one column in reading order where it is narrow', async () => {
    const places = await placesAt(480);
    const order = Object.entries(places).sort(([, one], [, other]) => one.top - other.top);
    expect(order.map(([name]) => name)).to.deep.equal(['a', 'b', 'c', 'late']);
    expect(order.every(([, { width }]) => width === 480)).to.equal(true);
  });

  it('never rebuilds a tile that stays, whatever moves, comes or goes', async () => {
    const harness = harnessOf();
    harness.board.dashboard = boardOf([widget('a', 0, 0, 6), widget('b', 6, 0, 6), widget('c', 0, 2, 6)]);
    harness.mount(frameOf(1212));
    await harness.tilesReady();
    const [a, b] = harness.tiles();
    let left = 0;
    new MutationObserver((records) => {
      left += records.flatMap(({ removedNodes }) => [...removedNodes]).length;
    }).observe(harness.board.shadowRoot?.querySelector('.grid') ?? document.body, { childList: true });
    harness.bff.push();
    harness.board.dashboard = boardOf([
      widget('b', 0, 0, 6),
      widget('new', 6, 0, 6),
      widget('a', 0, 2, 12),
      widget('c', 0, 4, 6),
    ]);
    await harness.rendered();
    const now = harness.tiles();
    // Not compared by a matcher, which would print whole documents when it fails.
    expect(now[0] === a && now[1] === b).to.equal(true);
    expect(now.map(({ heading }) => heading)).to.deep.equal(['a', 'b', 'c', 'new']);
    expect((a?.getBoundingClientRect().top ?? 0) > (b?.getBoundingClientRect().bottom ?? 0)).to.equal(true);
    expect(left).to.equal(0);
  });
});

describe('lumina-dashboard: another board', () => {
  it('is read in its own order, whatever tiles of the same name stood on the one before', async () => {
    const stored = (id: string, widgets: readonly Widget[]): FakeDashboard => ({
      id,
      title: id,
      version: 1,
      updatedAt: '2026-03-01T00:00:00Z',
      updatedBy: 'somebody',
      body: boardOf(widgets),
    });
    const dashboards = [
      stored('first', [widget('shared', 0, 0, 6), widget('own', 6, 0, 6)]),
      stored('second', [widget('top', 0, 0, 12), widget('shared', 0, 2, 12)]),
    ];
    const harness = harnessOf({ 'dashboard-id': 'first' }, { dashboards }).mount();
    await harness.tilesReady();
    harness.board.dashboardId = 'second';
    await harness.reached('loading');
    await harness.reached('ready');
    expect(harness.tiles().map(({ heading }) => heading)).to.deep.equal(['top', 'shared']);
  });
});

describe('lumina-dashboard: range, zone and refresh', () => {
  it('asks for the range that the reader chooses, in all tiles but those with their own', async () => {
    const harness = harnessOf();
    const own = widget('own', 6, 0, 6, { options: { range: { last: '12h' } } });
    harness.board.dashboard = boardOf([widget('a', 0, 0, 6), own], { range: { last: '4h' } });
    harness.mount();
    await harness.tilesReady();
    expect(liveRequests(harness).map(({ range }) => JSON.stringify(range))).to.have.members([
      '{"last":"4h"}',
      '{"last":"12h"}',
    ]);
    const told = oneEvent(harness.board, 'luminarange');
    await harness.choose('range', 'Last 15 minutes');
    expect((await told).detail).to.deep.equal({ last: '15m' });
    expect(harness.board.getState()).to.deep.equal({ version: 1, range: { last: '15m' }, refresh: 'live' });
    await harness.tilesReady();
    const asked = liveRequests(harness).map(({ range }) => JSON.stringify(range));
    expect(asked).to.include('{"last":"15m"}');
    expect(asked.slice(2)).not.to.include('{"last":"4h"}');
  });

  it('follows a stretch of time that the reader marks on a tile', async () => {
    const harness = harnessOf().mount();
    await harness.tilesReady();
    const detail = { from: '2026-03-01T10:00:00.000Z', to: '2026-03-01T11:00:00.000Z' };
    harness.tiles()[4]?.dispatchEvent(new CustomEvent('luminarange', { detail, bubbles: true, composed: true }));
    expect(harness.board.getState().range).to.deep.equal(detail);
  });

  it('takes times of the reporting zone', async () => {
    const harness = harnessOf({ 'time-zone': 'America/New_York' }).mount();
    await harness.reached('ready');
    await harness.open('range');
    const [from, to] = [...(harness.menu('range').shadowRoot?.querySelectorAll('input') ?? [])];
    const apply = harness.inMenu('range', '.apply');
    if (from === undefined || to === undefined) throw new Error('The form has two fields.');
    from.value = '2026-07-01T10:00';
    to.value = '2026-07-01T09:00';
    apply?.click();
    await harness.rendered();
    expect(harness.inMenu('range', '[role="alert"]')?.textContent).to.equal('The end must be after the beginning.');
    to.value = '2026-07-01T12:30';
    apply?.click();
    expect(harness.board.getState().range).to.deep.equal({
      from: '2026-07-01T14:00:00.000Z',
      to: '2026-07-01T16:30:00.000Z',
    });
    expect(harness.menu('range').open).to.equal(false);
  });

  it('asks in the zone that the reader finds', async () => {
    const harness = harnessOf().mount();
    await harness.tilesReady();
    expect(liveRequests(harness).every(({ timeZone }) => timeZone === undefined)).to.equal(true);
    await harness.open('zone');
    const search = harness.inMenu('zone', '.search') as HTMLInputElement;
    search.value = 'kolk';
    search.dispatchEvent(new Event('input'));
    await harness.rendered();
    const hits = [...(harness.menu('zone').shadowRoot?.querySelectorAll('.option') ?? [])];
    expect(hits.map((hit) => hit.textContent.replaceAll(/\s+/gu, ' ').trim())).to.deep.equal(['Asia/Kolkata UTC+5:30']);
    search.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }));
    await harness.tilesReady();
    const zone = harness.board.getState().timeZone;
    expect(zone).to.equal('Asia/Kolkata');
    expect(liveRequests(harness).map(({ timeZone }) => timeZone)).to.include(zone);
  });

  it('asks once when updates are off, and again by the button', async () => {
    const harness = harnessOf({ refresh: 'off' }).mount();
    await harness.tilesReady();
    expect(harness.liveWord()).to.equal('Not updating');
    expect(harness.bodies('/api/live')).to.have.length(0);
    const before = harness.bodies('/api/metrics/query').length;
    const asked = oneEvent(harness.asked, '/api/metrics/query');
    harness.toolbar()?.shadowRoot?.querySelector<HTMLElement>('.action.refresh')?.click();
    await asked;
    expect(harness.bodies('/api/metrics/query').length).to.be.greaterThan(before);
  });
});

describe('lumina-dashboard: keyboard', () => {
  it('leads through a menu and back to its button', async () => {
    const harness = harnessOf();
    harness.board.dashboard = boardOf([widget('a', 0, 0, 3)]);
    harness.mount();
    await harness.reached('ready');
    harness.inMenu('range', 'button')?.focus();
    await harness.open('range');
    const focused = (): string | undefined =>
      harness.menu('range').shadowRoot?.activeElement?.querySelector('.name')?.textContent;
    expect(focused()).to.equal('Last 1 hour');
    expect(harness.inMenu('range', 'button')?.ariaExpanded).to.equal('true');
    await pressed(harness, 'ArrowDown');
    expect(focused()).to.equal('Last 4 hours');
    await pressed(harness, 'End');
    expect(focused()).to.equal('Last month');
    await pressed(harness, 'Home');
    expect(focused()).to.equal('Last 15 minutes');
    await pressed(harness, 'y');
    expect(focused()).to.equal('Yesterday');
    (harness.menu('range').shadowRoot?.activeElement as HTMLElement).click();
    await harness.rendered();
    expect(harness.menu('range').open).to.equal(false);
    expect(harness.menu('range').shadowRoot?.activeElement?.className).to.match(/^button /u);
    expect(harness.board.range).to.equal('yesterday');
  });
});

describe('lumina-dashboard: live state', () => {
  it('says how the connection does', async () => {
    const harness = harnessOf().mount();
    await harness.tilesReady();
    expect(harness.liveWord()).to.equal('Live');
    harness.provider.suspend();
    await harness.rendered();
    expect(harness.liveWord()).to.equal('Paused');
    harness.provider.resume();
    await harness.rendered();
    expect(harness.liveWord()).not.to.equal('Paused');
  });

  it('does not say that old data is live', async () => {
    const harness = harnessOf({}, { scenario: 'stale' }).mount();
    await harness.reached('ready');
    await harness.tilesIn('stale');
    expect(harness.liveWord()).to.equal('Stale data');
    harness.bff.scenario = 'live';
    await harness.tilesReady();
    expect(harness.liveWord()).to.equal('Live');
  });

  it('is German where the page is', async () => {
    const harness = harnessOf();
    harness.provider.locale = 'de-DE';
    harness.mount();
    await useLanguageOf('de-DE');
    await harness.tilesReady();
    await harness.open('range');
    expect(harness.inMenu('range', '.option .name')?.textContent).to.equal('Letzte 15 Minuten');
  });
});

describe('lumina-dashboard: state and files', () => {
  it('gives its state and takes it back', async () => {
    const harness = harnessOf().mount();
    await harness.reached('ready');
    const state = { version: 1, range: { calendar: 'today' }, timeZone: 'UTC', refresh: '30s' };
    harness.board.setState(JSON.stringify(state));
    expect(harness.board.getState()).to.deep.equal(state);
    harness.board.setState({ version: 1 });
    expect(harness.board.getState()).to.deep.equal({ version: 1, refresh: 'live' });
  });

  it('refuses another state as a whole, and says why', async () => {
    const harness = harnessOf().mount();
    await harness.reached('ready');
    harness.board.setRange({ last: '4h' });
    const told = oneEvent(harness.board, 'luminaerror');
    expect(() => {
      harness.board.setState({ version: 1, range: { last: '15m' }, refresh: 'often' });
    }).to.throw(LuminaError, /"refresh"/u);
    expect(((await told) as CustomEvent<{ code: string }>).detail.code).to.equal('QUERY_INVALID');
    expect(harness.board.getState()).to.deep.equal({ version: 1, range: { last: '4h' }, refresh: 'live' });
    expect(() => {
      harness.board.setRange({ last: 'long' });
    }).to.throw(LuminaError, /no range/u);
  });

  it('writes what its tiles show, and no pictures', async () => {
    const harness = harnessOf().mount();
    await harness.tilesReady();
    const told = oneEvent(harness.board, 'luminaexport');
    const file = await harness.board.export('csv');
    const lines = (await file.text()).trimEnd().split('\r\n');
    expect(file.type).to.equal('text/plain');
    expect(lines[0]).to.equal('Tile,Metric,Series,Time,Value,Unit');
    expect((await told).detail).to.deep.equal({ format: 'csv', rows: lines.length - 1 });
    const tiles = new Set(lines.slice(1).map((line) => line.split(',')[0]));
    expect([...tiles]).to.deep.equal(harness.tiles().map(({ heading }) => heading));
    expect(
      lines.some((line) => line.startsWith('"') || line.includes('"Priority customers, all of Europe, day team"')),
    ).to.equal(true);
    let refused: unknown;
    await harness.board.export('png').catch((error: unknown) => {
      refused = error;
    });
    expect((refused as LuminaError).code).to.equal('QUERY_INVALID');
  });

  it('tells which row was picked', async () => {
    const harness = harnessOf().mount();
    await harness.tilesReady();
    const table = harness.tiles()[5]?.shadowRoot?.querySelector('lumina-table');
    await table?.updateComplete;
    const told = oneEvent(harness.board, 'luminaselect');
    table?.shadowRoot?.querySelector<HTMLElement>('tbody button')?.click();
    const { detail } = (await told) as CustomEvent<{ dimension: string; value: string }>;
    expect([detail.dimension, detail.value]).to.deep.equal(['queue_id', 'q_sales']);
  });
});

describe('lumina-dashboard: cost', () => {
  it('shows thirty tiles over one stream', async () => {
    const harness = harnessOf();
    const metrics = ['queue_depth', 'call_count', 'queue_wait_time', 'queue_service_level', 'call_duration'];
    harness.board.dashboard = boardOf(
      Array.from({ length: 30 }, (_, at) =>
        widget(`t${String(at)}`, (at % 4) * 3, Math.floor(at / 4) * 2, 3, {
          query: { ref: 'A', metrics: [metrics[at % 5] ?? ''], ...(at % 2 === 0 ? {} : { groupBy: ['queue_id'] }) },
        }),
      ),
    );
    harness.mount();
    await harness.tilesReady();
    expect(harness.bodies('/api/live')).to.have.length(1);
    expect(harness.bodies('/api/metrics/query')).to.have.length(0);
    expect(harness.bff.liveCount).to.equal(1);
  });
});
