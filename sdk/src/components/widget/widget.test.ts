import { expect, oneEvent } from '@open-wc/testing';
import '../../define/all.ts';
import type { FakeScenario } from '../../testing/fake-bff-scenario.ts';
import { TileHarness } from '../../testing/tile-harness.ts';
import type { WidgetState } from '../../client/widget-state.ts';
import { THEME_NAMES } from '../../theme/tokens.ts';

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

function tile(attributes: Readonly<Record<string, string>>, scenario: FakeScenario, nowMs?: () => number): TileHarness {
  const harness = new TileHarness(attributes, { scenario, ...(nowMs === undefined ? {} : { nowMs }) }).mount();
  mounted.push(harness);
  return harness;
}

afterEach(() => {
  for (const harness of mounted.splice(0)) harness.remove();
});

describe('lumina-widget: accessibility in each state', () => {
  for (const theme of THEME_NAMES) {
    for (const [state, scenario] of STATES) {
      for (const attributes of [STAT, LINE]) {
        it(`${attributes === STAT ? 'stat' : 'line'}, ${state}, ${theme}`, async () => {
          const harness = tile(attributes, scenario);
          harness.provider.theme = theme;
          await harness.reached(state);
          await harness.provider.updateComplete;
          await harness.settled();
          expect(harness.widget.theme).to.equal(theme);
          await expect(harness.widget).to.be.accessible();
        });
      }
    }
  }

  it('idle, without a metric', async () => {
    const harness = tile({}, 'live');
    await harness.settled();
    expect(harness.state).to.equal('idle');
    expect(harness.notice()?.what).to.equal('No metric chosen');
    await expect(harness.widget).to.be.accessible();
  });
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

  it('looks different in every state, not only by a dot', async () => {
    const looks = new Set<string>();
    for (const [state, scenario] of STATES) {
      const harness = tile(LINE, scenario);
      await harness.reached(state);
      const edge = harness.find('.edge');
      const { display, background, height } = edge === undefined ? new CSSStyleDeclaration() : getComputedStyle(edge);
      const words = harness.notice()?.what ?? harness.age().replaceAll(/[\d:]+/gu, '');
      looks.add([display, display === 'none' ? '' : `${background} ${height}`, words].join(' | '));
      harness.remove();
    }
    expect(looks.size).to.equal(STATES.length);
  });

  it('shows the age of current data and never a zero for no data', async () => {
    const live = tile(STAT, 'live');
    await live.reached('ready');
    expect(live.age()).to.match(/^updated \d+ s ago$/u);
    const empty = tile(STAT, 'empty');
    await empty.reached('empty');
    expect(empty.find('.number')).to.equal(undefined);
    expect(empty.notice()?.what).to.equal('No data in this period');
  });

  it('takes a number that is not current out of its strong colour and says of when it is', async () => {
    const colourOf = async (state: WidgetState, scenario: FakeScenario): Promise<string> => {
      const harness = tile(STAT, scenario);
      await harness.reached(state);
      const number = harness.find('.number');
      if (number === undefined) throw new Error('There is no number.');
      if (state === 'stale') expect(harness.age()).to.match(/^Stale: data as of (\d+ \w+, )?\d\d:\d\d:\d\d$/u);
      return getComputedStyle(number).color;
    };
    expect(await colourOf('stale', 'stale')).to.not.equal(await colourOf('ready', 'live'));
  });

  it('names the code, the request and a way out after a refusal', async () => {
    const harness = tile(STAT, { problem: 'forbidden' });
    await harness.reached('denied');
    expect(harness.notice()).to.deep.equal({
      what: 'You may not see this.',
      advice: 'Ask an administrator of your territory.',
      code: 'forbidden · req_7f3a91c2',
      button: 'Try again',
    });
    harness.bff.scenario = 'live';
    harness.find('.button')?.click();
    await harness.reached('ready');
    expect(harness.announcement()).to.equal('Answer rate: up to date again');
  });

  it('offers to sign in again, and asks for a new token unless the host does it', async () => {
    const harness = tile(STAT, { problem: 'unauthenticated' });
    await harness.reached('denied');
    expect(harness.notice()?.button).to.equal('Sign in again');
    const before = harness.paths().length;
    harness.widget.addEventListener(
      'luminanavigate',
      (event) => {
        event.preventDefault();
      },
      { once: true },
    );
    harness.find('.button')?.click();
    await harness.settled();
    expect(harness.paths().length).to.equal(before);
    harness.bff.scenario = 'live';
    harness.find('.button')?.click();
    await harness.reached('ready');
  });

  it('names the metric that does not exist', async () => {
    const harness = tile({ metric: 'call_moods' }, 'refused');
    await harness.reached('error');
    expect(harness.notice()?.what).to.equal('There is no metric “call_moods”.');
    expect(harness.heading()).to.equal('call_moods');
  });

  it('says which range it cannot read, and asks nobody', async () => {
    const harness = new TileHarness({ ...STAT, range: 'soon' });
    mounted.push(harness);
    const failed = oneEvent(harness.widget, 'luminaerror');
    harness.mount();
    await harness.reached('error');
    expect((await failed).detail.code).to.equal('QUERY_INVALID');
    expect(harness.paths().filter((path) => path !== '/api/session')).to.deep.equal([]);
    harness.widget.range = '-1h';
    await harness.reached('ready');
  });
});

describe('lumina-widget: time passes', () => {
  const trueNow = Date.now;
  afterEach(() => {
    Date.now = trueNow;
  });

  it('counts the age, is late after 5 s and stale after 15 s without news, and announces each once', async () => {
    const startMs = trueNow();
    let passedMs = 0;
    Date.now = () => startMs + passedMs;
    const harness = tile(STAT, 'live', () => startMs);
    await harness.reached('ready');
    const announced: string[] = [];
    const status = harness.find('[role="status"]');
    if (status === undefined) throw new Error('There is no live region.');
    new MutationObserver(() => announced.push(harness.announcement())).observe(status, {
      childList: true,
      characterData: true,
      subtree: true,
    });
    const age = Number(/\d+/u.exec(harness.age())?.[0]);
    passedMs = 2000;
    harness.widget.requestUpdate();
    await harness.settled();
    expect(harness.age()).to.equal(`updated ${String(age + 2)} s ago`);
    passedMs = 6000;
    await harness.reached('late');
    expect(harness.age()).to.match(/^Late: \d s behind$/u);
    passedMs = 9000;
    harness.widget.requestUpdate();
    await harness.settled();
    passedMs = 17_000;
    await harness.reached('stale');
    expect(announced).to.deep.equal(['Answer rate: data arrives late', 'Answer rate: data is stale, do not act on it']);
  });

  it('takes its own limits', async () => {
    const harness = tile({ ...STAT, 'late-after-ms': '60000', 'stale-after-ms': '90000' }, 'late');
    await harness.reached('ready');
  });

  it('shows a range that is over without calling it late', async () => {
    const harness = tile({ ...STAT, range: '2026-01-01T10:00:00Z/2026-01-01T11:00:00Z' }, 'stale');
    await harness.reached('ready');
    expect(harness.age()).to.match(/^data as of /u);
    expect(harness.text('.subtitle')).to.match(/^1 Jan, 10:00 – 11:00$/u);
  });
});

describe('lumina-widget: no network', () => {
  afterEach(() => {
    Reflect.deleteProperty(navigator, 'onLine');
  });

  it('keeps showing the data it has when the browser is offline, with its time, and comes back', async () => {
    const harness = tile(STAT, 'live');
    await harness.reached('ready');
    const before = harness.valueText();
    Object.defineProperty(navigator, 'onLine', { configurable: true, value: false });
    globalThis.dispatchEvent(new Event('offline'));
    await harness.reached('offline');
    expect(harness.valueText()).to.equal(before);
    expect(harness.age()).to.match(/^Offline: data as of \d\d:\d\d:\d\d$/u);
    Reflect.deleteProperty(navigator, 'onLine');
    globalThis.dispatchEvent(new Event('online'));
    await harness.reached('ready');
  });

  it('says so where there is no data from before', async () => {
    Object.defineProperty(navigator, 'onLine', { configurable: true, value: false });
    const harness = tile(STAT, 'hanging');
    await harness.reached('offline');
    expect(harness.notice()?.what).to.equal('You are offline.');
    await expect(harness.widget).to.be.accessible();
  });
});
