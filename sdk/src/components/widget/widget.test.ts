import { aTimeout, expect, oneEvent } from '@open-wc/testing';
import '../../define/all.ts';
import type { FakeScenario } from '../../testing/fake-bff.ts';
import { TileHarness } from '../../testing/tile-harness.ts';
import type { WidgetState } from '../../client/widget-state.ts';

const STAT = { metric: 'call_answer_rate', target: '90', bin: '5m' };
const LINE = { kind: 'line', metric: 'queue_depth', 'group-by': 'queue_id', bin: '1m' };

const STATES: readonly (readonly [WidgetState, FakeScenario])[] = [
  ['loading', 'hanging'],
  ['ready', 'live'],
  ['empty', 'empty'],
  ['late', 'late'],
  ['stale', 'stale'],
  ['offline', 'offline'],
  ['denied', { problem: 'forbidden' }],
  ['error', 'refused'],
];

const mounted: TileHarness[] = [];

function tile(attributes: Readonly<Record<string, string>>, scenario: FakeScenario): TileHarness {
  const harness = new TileHarness(attributes, { scenario }).mount();
  mounted.push(harness);
  return harness;
}

afterEach(() => {
  for (const harness of mounted.splice(0)) harness.remove();
});

describe('lumina-widget: accessibility in each state', () => {
  for (const theme of ['light', 'dark'] as const) {
    for (const [state, scenario] of STATES) {
      for (const attributes of [STAT, LINE]) {
        it(`${attributes === STAT ? 'stat' : 'line'}, ${state}, ${theme}`, async () => {
          const harness = tile(attributes, scenario);
          harness.provider.theme = theme;
          await harness.reached(state);
          await harness.provider.updateComplete;
          await harness.widget.updateComplete;
          expect(harness.widget.theme).to.equal(theme);
          await expect(harness.widget).to.be.accessible();
        });
      }
    }
  }
});

describe('lumina-widget: what each state says', () => {
  it('announces every state but ready, and says something different each time', async () => {
    const said = new Set<string>();
    for (const [state, scenario] of STATES) {
      const harness = tile(STAT, scenario);
      await harness.reached(state);
      said.add(harness.announcement());
      harness.remove();
    }
    expect(said.size).to.equal(STATES.length);
    expect(said.has('')).to.equal(true);
  });

  it('shows the age of current data and never a zero for no data', async () => {
    const live = tile(STAT, 'live');
    await live.reached('ready');
    expect(live.text('footer .age')).to.match(/^updated \d+ s ago$/u);
    const empty = tile(STAT, 'empty');
    await empty.reached('empty');
    expect(empty.text('.number')).to.equal('–');
    expect(empty.text('.reason')).to.equal('No data in this period');
  });

  it('takes a number that is not current out of its strong colour', async () => {
    const colourOf = async (state: WidgetState, scenario: FakeScenario): Promise<string> => {
      const harness = tile(STAT, scenario);
      await harness.reached(state);
      const number = harness.find('.number');
      if (number === undefined) throw new Error('There is no number.');
      return getComputedStyle(number).color;
    };
    expect(await colourOf('stale', 'stale')).to.not.equal(await colourOf('ready', 'live'));
  });

  it('names the code, the request and a way out after a refusal', async () => {
    const harness = tile(STAT, { problem: 'forbidden' });
    await harness.reached('denied');
    expect(harness.text('.notice .code')).to.equal('forbidden · req_7f3a91c2');
    const before = harness.paths().length;
    harness.find('button')?.click();
    await aTimeout(0);
    expect(harness.paths().length).to.be.greaterThan(before);
  });

  it('keeps showing the data it has when the connection goes', async () => {
    const harness = tile(STAT, 'live');
    await harness.reached('ready');
    const before = harness.text('.number');
    harness.bff.scenario = 'offline';
    await harness.reached('offline');
    expect(harness.text('.number')).to.equal(before);
    expect(harness.text('footer .age')).to.match(/^Offline: data is/u);
    harness.bff.scenario = 'live';
  });
});

describe('lumina-widget: data', () => {
  it('shows value, small unit, target and heading of the metric', async () => {
    const harness = tile(STAT, 'live');
    await harness.reached('ready');
    expect(harness.text('h3')).to.equal('Answer rate');
    expect(harness.text('.unit')).to.equal('%');
    expect(harness.text('.target')).to.match(/^Target 90 % (met|missed)$/u);
  });

  it('shows names of the directory, not ids', async () => {
    const harness = tile(LINE, 'live');
    await harness.reached('ready');
    while (harness.text('.name')?.startsWith('q_') !== false) await oneFrame();
    const names = harness.findAll('li .name').map(({ textContent }) => textContent);
    expect(names).to.include.members(['Sales', 'Customer support']);
  });

  it('sends the session before anything else, with the token of the host', async () => {
    const harness = tile(STAT, 'live');
    await harness.reached('ready');
    expect(harness.paths()[0]).to.equal('/api/session');
    expect(new Set(harness.bff.requests.map(({ authorization }) => authorization))).to.deep.equal(
      new Set(['Bearer token-1']),
    );
  });

  it('asks anew for another metric and shows nothing of the old one meanwhile', async () => {
    const harness = tile(STAT, 'live');
    await harness.reached('ready');
    harness.bff.scenario = 'hanging';
    harness.widget.metric = 'call_count';
    await harness.reached('loading');
    expect(harness.find('.number')).to.equal(harness.find('.skeleton.number'));
  });

  it('stops asking when it leaves the page', async () => {
    const harness = tile(STAT, 'live');
    await harness.reached('ready');
    harness.remove();
    const before = harness.paths().length;
    window.dispatchEvent(new Event('visibilitychange'));
    await aTimeout(0);
    expect(harness.paths().length).to.equal(before);
  });
});

describe('lumina-widget: events', () => {
  it('tells of its states with plain details', async () => {
    const harness = new TileHarness(STAT);
    mounted.push(harness);
    const ready = oneEvent(harness.provider, 'luminaready');
    harness.mount();
    const { detail } = (await ready) as CustomEvent<{ widgetId: string }>;
    expect(detail.widgetId).to.match(/^w\d+$/u);
    expect(JSON.parse(JSON.stringify(detail))).to.deep.equal(detail);
  });

  it('tells of a refusal with its code', async () => {
    const harness = new TileHarness(STAT, { scenario: { problem: 'forbidden' } });
    mounted.push(harness);
    const failed = oneEvent(harness.widget, 'luminaerror');
    harness.mount();
    const { detail } = (await failed) as CustomEvent<{ code: string; retryable: boolean; requestId: string }>;
    expect(detail.code).to.equal('SCOPE_DENIED');
    expect(detail.retryable).to.equal(false);
    expect(detail.requestId).to.equal('req_7f3a91c2');
  });
});

function oneFrame(): Promise<number> {
  return new Promise((resolve) => requestAnimationFrame(resolve));
}
