import { expect, oneEvent } from '@open-wc/testing';
import '../../define/all.ts';
import type { LuminaStateDetail } from '../../events/events.ts';
import { FakeBff } from '../../testing/fake-bff.ts';
import { TileHarness, WidgetReader } from '../../testing/tile-harness.ts';

const STAT = { metric: 'call_answer_rate', target: '90', bin: '5m' };
const LINE = { kind: 'line', metric: 'queue_depth', 'group-by': 'queue_id', bin: '1m' };

const mounted: { remove: () => void }[] = [];

function tile(attributes: Readonly<Record<string, string>>): TileHarness {
  const harness = new TileHarness(attributes).mount();
  mounted.push(harness);
  return harness;
}

interface Asked {
  readonly queries?: readonly Record<string, unknown>[];
  readonly requests?: readonly { readonly queries: readonly Record<string, unknown>[] }[];
}

/** All queries asked of a fake service, whichever way. */
function queriesOf(bff: FakeBff): readonly Readonly<Record<string, unknown>>[] {
  return bff.requests.flatMap(({ body }) => {
    const asked = (body ?? {}) as Asked;
    return [...(asked.queries ?? []), ...(asked.requests ?? []).flatMap(({ queries }) => queries)];
  });
}

async function oneFrame(): Promise<void> {
  await new Promise((resolve) => requestAnimationFrame(resolve));
}

afterEach(() => {
  for (const one of mounted.splice(0)) one.remove();
});

describe('lumina-widget: data', () => {
  it('is accessible alone on a page', async () => {
    const bff = new FakeBff();
    const widget = document.createElement('lumina-widget');
    widget.metric = 'call_count';
    widget.baseUrl = 'https://bff.example';
    widget.fetch = bff.fetch;
    widget.getToken = () => 'token-1';
    document.body.append(widget);
    mounted.push(widget);
    const reader = new WidgetReader(widget);
    await reader.reached('ready');
    expect(bff.requests[0]?.path).to.equal('/api/session');
    await expect(widget).to.be.accessible();
  });

  it('shows value, small unit, target and heading of the metric', async () => {
    const harness = tile(STAT);
    await harness.reached('ready');
    expect(harness.heading()).to.equal('Answer rate');
    expect(harness.valueText()).to.match(/^\d+(\.\d)? %$/u);
    expect(harness.text('.target')).to.match(/^Target 90 % (met|missed)$/u);
    expect(harness.text('.subtitle')).to.equal('last 1 h');
  });

  it('shows the target of the territory, or of the one queue it shows, where it has none of its own', async () => {
    const targets = [
      { metric: 'call_answer_rate', value: 85 },
      { metric: 'call_answer_rate', queueId: 'q_vip', value: 95 },
    ];
    const { target: _own, ...untargeted } = STAT;
    const filters = '[{"dim":"queue_id","op":"eq","values":["q_vip"]}]';
    const cases = [
      [untargeted, 85],
      [{ ...untargeted, filters }, 95],
      [STAT, 90],
    ] as const;
    for (const [attributes, target] of cases) {
      const harness = new TileHarness(attributes, { targets }).mount();
      mounted.push(harness);
      await harness.reached('ready');
      while (harness.text('.target') === '') await oneFrame();
      expect(harness.text('.target')).to.match(new RegExp(`^Target ${String(target)} % (met|missed)$`, 'u'));
      expect(harness.bff.requests.filter(({ path }) => path === '/api/settings').length).to.be.lessThan(2);
    }
  });

  it('shows names of the directory, not ids', async () => {
    const harness = tile(LINE);
    await harness.reached('ready');
    while (harness.legend().some(({ name }) => name.startsWith('q_'))) await oneFrame();
    expect(harness.legend().map(({ name }) => name)).to.include.members(['Sales', 'Customer support']);
  });

  it('names what it is limited to', async () => {
    const harness = tile({
      ...STAT,
      filters: '[{"dim":"queue_id","op":"in","values":["q_sales","q_billing","q_vip"]}]',
    });
    await harness.reached('ready');
    while (harness.text('.subtitle')?.includes('q_') !== false) await oneFrame();
    expect(harness.text('.subtitle')).to.equal('Sales, Billing and payments +1 · last 1 h');
  });

  it('says that a budget makes news rarer, and shows the numbers all the same', async () => {
    const harness = new TileHarness(STAT);
    mounted.push(harness);
    harness.bff.budget = { state: 'slow', refreshMs: 60_000 };
    harness.mount();
    await harness.reached('ready');
    expect(harness.text('.note')).to.match(
      /^slowed\s*: The budget for queries of today is used up: new data every 60 s\.$/u,
    );
    expect(harness.valueText()).to.match(/%$/u);
    await expect(harness.widget).to.be.accessible();
  });

  it('asks for several metrics, a comparison and what a dashboard gives, which outranks attributes', async () => {
    const harness = new TileHarness({ metric: 'call_count, call_answer_rate', compare: '1d', range: 'today' });
    mounted.push(harness);
    harness.mount();
    await harness.reached('ready');
    expect(queriesOf(harness.bff).at(-1)).to.deep.include({
      metrics: ['call_count', 'call_answer_rate'],
      compare: '1d',
    });
    expect(harness.heading()).to.equal('Calls, Answer rate');
    harness.widget.query = { ref: 'A', metrics: ['queue_depth'], groupBy: ['queue_id'], options: { stat: 'now' } };
    harness.widget.display = { range: { last: '4h' }, bin: '15m', subtitle: 'Europe' };
    harness.widget.kind = 'bar';
    await harness.reached('loading');
    await harness.reached('ready');
    expect(queriesOf(harness.bff).at(-1)).to.deep.include({ metrics: ['queue_depth'], groupBy: ['queue_id'] });
    expect(harness.text('.subtitle')).to.equal('Europe');
  });

  it('asks anew for another metric and shows nothing of the old one meanwhile', async () => {
    const harness = tile(STAT);
    await harness.reached('ready');
    harness.bff.scenario = 'hanging';
    harness.widget.metric = 'call_count';
    await harness.reached('loading');
    expect(harness.find('.number')).to.equal(harness.find('.skeleton.number'));
  });

  it('reads attributes that come late, as templates of other frameworks set them', async () => {
    const harness = tile({});
    await harness.settled();
    expect(harness.state).to.equal('idle');
    harness.widget.setAttribute('metric', 'queue_depth');
    harness.widget.setAttribute('group-by', 'queue_id');
    harness.widget.setAttribute('kind', 'line');
    harness.widget.setAttribute('display', '{"isArea": true}');
    await harness.reached('ready');
    expect(harness.widget.groupBy).to.equal('queue_id');
    expect(harness.widget.display).to.deep.equal({ isArea: true });
    expect(harness.find('lumina-line')).to.not.equal(undefined);
  });

  it('puts no style attribute into its templates', async () => {
    const harness = tile(STAT);
    await harness.reached('ready');
    expect(harness.widget.shadowRoot?.querySelectorAll('[style]').length).to.equal(0);
  });

  it('filters by what the page is about, where it can and does not already', async () => {
    const harness = new TileHarness(LINE);
    mounted.push(harness);
    harness.provider.context = { queueIds: ['q_sales'], agentIds: ['ag_1001'] };
    harness.mount();
    await harness.reached('ready');
    expect(queriesOf(harness.bff).at(-1)?.['filters']).to.deep.equal([
      { dim: 'queue_id', op: 'in', values: ['q_sales'] },
    ]);
    harness.provider.setContext({ queueIds: undefined });
    await harness.provider.updateComplete;
    await harness.reached('loading');
    await harness.reached('ready');
    expect(queriesOf(harness.bff).at(-1)?.['filters']).to.equal(undefined);
    expect(harness.provider.context).to.deep.equal({ agentIds: ['ag_1001'] });
  });

  it('shows its zone only where it differs from the page', async () => {
    const own = tile({ ...STAT, 'time-zone': 'America/New_York' });
    await own.reached('ready');
    expect(own.text('.zone')).to.contain('Times in America/New_York');
    const usual = tile(STAT);
    await usual.reached('ready');
    expect(usual.find('.zone')).to.equal(undefined);
  });
});

describe('lumina-widget: slots', () => {
  it('shows what the host puts in the place of an error, and its own notice otherwise', async () => {
    const harness = new TileHarness(STAT, { scenario: 'refused' });
    mounted.push(harness);
    const own = document.createElement('p');
    own.slot = 'error';
    own.textContent = 'Call us.';
    harness.widget.append(own);
    harness.mount();
    await harness.reached('error');
    expect(own.assignedSlot).to.not.equal(null);
    expect(own.getBoundingClientRect().height).to.be.greaterThan(0);
    own.remove();
    expect(harness.notice()?.button).to.equal('Try again');
  });
});

describe('lumina-widget: events', () => {
  it('tells of its states with plain details', async () => {
    const harness = new TileHarness(STAT);
    mounted.push(harness);
    const states: unknown[] = [];
    harness.provider.addEventListener('luminastate', (event: CustomEvent<LuminaStateDetail>) => {
      const { from, to } = event.detail;
      states.push([from, to]);
    });
    const ready = oneEvent(harness.provider, 'luminaready');
    harness.mount();
    const { detail } = await ready;
    expect(detail.widgetId).to.match(/^w\d+$/u);
    expect(JSON.parse(JSON.stringify(detail))).to.deep.equal(detail);
    expect(states).to.deep.equal([
      ['idle', 'loading'],
      ['loading', 'ready'],
    ]);
  });

  it('tells of a refusal with its code', async () => {
    const harness = new TileHarness(STAT, { scenario: { problem: 'forbidden' } });
    mounted.push(harness);
    const failed = oneEvent(harness.widget, 'luminaerror');
    harness.mount();
    const { detail } = await failed;
    expect(detail.code).to.equal('SCOPE_DENIED');
    expect(detail.retryable).to.equal(false);
    expect(detail.requestId).to.equal('req_7f3a91c2');
  });

  it('tells of its height', async () => {
    const harness = new TileHarness(STAT);
    mounted.push(harness);
    const resized = oneEvent(harness.provider, 'luminaresize');
    harness.mount();
    const { detail } = await resized;
    expect(detail.blockSize).to.equal(Math.ceil(harness.widget.getBoundingClientRect().height));
  });

  it('goes on when a listener throws', async () => {
    const harness = new TileHarness(STAT);
    mounted.push(harness);
    const reported: string[] = [];
    const onError = window.onerror;
    window.onerror = (message) => {
      reported.push(typeof message === 'string' ? message : message.type);
      return true;
    };
    harness.widget.addEventListener('luminastate', () => {
      throw new Error('a listener of the host');
    });
    harness.mount();
    await harness.reached('ready');
    window.onerror = onError;
    expect(reported.length).to.be.greaterThan(0);
    expect(harness.valueText()).to.match(/%$/u);
  });
});
