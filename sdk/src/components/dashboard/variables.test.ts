import { expect, oneEvent } from '@open-wc/testing';
import type { Dashboard, DashboardVariable, MetricFilter, Widget } from '@lumina/contracts';
import '../../define/all.ts';
import '../../define/lumina-dashboard.ts';
import { useLanguageOf } from '../../i18n/localization.ts';
import { BoardHarness } from '../../testing/board-harness.ts';
import { fakeEntries } from '../../testing/fake-bff-directory.ts';
import type { FakeBffOptions } from '../../testing/fake-bff.ts';
import type { LuminaMenu } from './menu.ts';

const mounted: BoardHarness[] = [];

const QUEUE: DashboardVariable = { name: 'queue', kind: 'queue', multiple: true };
const TEAM: DashboardVariable = { name: 'team', kind: 'team', label: 'Floor', default: ['@my'] };

function boardOf(variables: DashboardVariable[]): Dashboard {
  const filters: MetricFilter[] = variables.map(({ name, kind }) => ({
    dim: `${kind}_id`,
    op: 'in',
    values: [`$${name}`],
  }));
  const tile: Widget = {
    id: 'a',
    kind: 'stat',
    title: 'Waiting',
    query: { ref: 'A', metrics: ['queue_depth'], filters },
    x: 0,
    y: 0,
    w: 3,
    h: 2,
  };
  return { schemaVersion: 1, title: 'Given', variables, widgets: [tile] };
}

async function shown(variables: DashboardVariable[], options: FakeBffOptions = {}): Promise<BoardHarness> {
  const harness = new BoardHarness({}, options);
  mounted.push(harness);
  harness.board.dashboard = boardOf(variables);
  harness.mount();
  await harness.tilesReady();
  return harness;
}

/** The filters of the newest live request. */
function asked(harness: BoardHarness): readonly MetricFilter[] | undefined {
  const bodies = harness.bodies('/api/live') as readonly {
    readonly queries?: readonly { readonly filters?: readonly MetricFilter[] }[];
    readonly requests?: readonly { readonly queries: readonly { readonly filters?: readonly MetricFilter[] }[] }[];
  }[];
  const newest = bodies.at(-1);
  return (newest?.requests?.[0]?.queries ?? newest?.queries)?.[0]?.filters;
}

function textOf(menu: LuminaMenu): string | undefined {
  return menu.shadowRoot?.querySelector('.text')?.textContent;
}

function namesIn(menu: LuminaMenu): readonly (string | undefined)[] {
  return [...(menu.shadowRoot?.querySelectorAll('.option .name') ?? [])].map((name) => name.textContent.trim());
}

async function liveAsked(harness: BoardHarness, change: () => Promise<void>): Promise<void> {
  const again = oneEvent(harness.asked, '/api/live');
  await change();
  await again;
}

afterEach(async () => {
  for (const harness of mounted.splice(0)) harness.remove();
  await useLanguageOf('en');
});

describe('lumina-dashboard: variables', () => {
  for (const theme of ['light', 'dark', 'contrast'] as const) {
    it(`are accessible, closed and open, ${theme}`, async () => {
      const harness = await shown([QUEUE, TEAM], { scope: { queues: ['q_sales', 'q_vip'] } });
      harness.provider.theme = theme;
      await harness.rendered();
      await expect(harness.toolbar()).to.be.accessible();
      await harness.open('var-queue');
      await expect(harness.toolbar()).to.be.accessible();
    });
  }

  it('limit the tiles to what is chosen, tell the host, and keep the list open', async () => {
    const harness = await shown([QUEUE]);
    expect(asked(harness)).to.equal(undefined);
    const menu = harness.menu('var-queue');
    expect(textOf(menu)).to.equal('All queues');

    const told = oneEvent(harness.board, 'luminavariables');
    await liveAsked(harness, () => harness.choose('var-queue', 'Sales'));
    const { detail } = (await told) as CustomEvent<unknown>;
    expect(detail).to.deep.equal({ queue: ['q_sales'] });
    expect(asked(harness)).to.deep.equal([{ dim: 'queue_id', op: 'in', values: ['q_sales'] }]);
    expect(menu.open).to.equal(true);

    const press = (name: string): void => {
      const options = [...(menu.shadowRoot?.querySelectorAll<HTMLElement>('.option') ?? [])];
      options.find((one) => one.querySelector('.name')?.textContent.trim() === name)?.click();
    };
    await liveAsked(harness, async () => {
      press('Billing and payments');
      await harness.rendered();
    });
    expect(asked(harness)?.[0]?.values).to.deep.equal(['q_sales', 'q_billing']);
    expect(textOf(menu)).to.equal('Sales, Billing and payments');
    const held = [...(menu.shadowRoot?.querySelectorAll('[aria-selected="true"] .name') ?? [])];
    expect(held.map(({ textContent }) => textContent.trim())).to.deep.equal(['Sales', 'Billing and payments']);
    press('Customer support');
    await harness.rendered();
    expect(textOf(menu)).to.equal('3 queues');
    press('All queues');
    await harness.rendered();
    expect(harness.board.variables).to.deep.equal({ queue: [] });
    expect(textOf(menu)).to.equal('All queues');
  });

  it('offer what is the user’s own where there is a limit, and nothing outside of it', async () => {
    const scope = { queues: ['q_sales', 'q_vip'], teams: ['t_uk_a'] };
    const harness = await shown([QUEUE, TEAM], { scope });
    const floor = harness.menu('var-team');
    expect(floor.label).to.equal('Floor');
    expect(textOf(floor)).to.equal('My teams');
    expect(asked(harness)).to.deep.equal([{ dim: 'team_id', op: 'in', values: ['t_uk_a'] }]);
    await harness.open('var-queue');
    expect(namesIn(harness.menu('var-queue'))).to.deep.equal([
      'All queues',
      'My queues',
      'Sales',
      'Priority customers, all of Europe, day team',
    ]);
  });

  it('mean everything by "mine" where there is no limit, and do not offer it', async () => {
    const harness = await shown([TEAM]);
    expect(textOf(harness.menu('var-team'))).to.equal('All teams');
    expect(asked(harness)).to.equal(undefined);
    await harness.open('var-team');
    expect(namesIn(harness.menu('var-team'))).to.deep.equal(['All teams', 'London A', 'London B', 'Leeds']);
  });

  it('choose by keyboard alone: search, Enter, Escape', async () => {
    const harness = await shown([QUEUE]);
    const menu = harness.menu('var-queue');
    await harness.open('var-queue');
    const search = menu.shadowRoot?.querySelector<HTMLInputElement>('.search');
    expect(menu.shadowRoot?.activeElement).to.equal(search);
    if (search === null || search === undefined) throw new Error('There is no search.');
    search.value = 'prior';
    search.dispatchEvent(new Event('input', { bubbles: true }));
    await menu.updateComplete;
    search.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }));
    await harness.rendered();
    expect(harness.board.variables).to.deep.equal({ queue: ['q_vip'] });
    expect(menu.shadowRoot?.querySelector('[role="listbox"]')?.ariaMultiSelectable).to.equal('true');
    menu.close();
    await harness.rendered();
    expect(menu.shadowRoot?.activeElement?.classList.contains('button')).to.equal(true);
  });

  it('list few of many, and find the rest', async () => {
    const harness = await shown([QUEUE], { directory: { queues: fakeEntries('queue', 200) } });
    harness.board.variables = { queue: ['queue_150'] };
    await harness.rendered();
    await harness.open('var-queue');
    expect(namesIn(harness.menu('var-queue'))).to.deep.equal(['All queues', 'Queue 150']);
    await liveAsked(harness, () => {
      harness.board.setState({ version: 1, refresh: 'live', variables: { queue: ['queue_007'] } });
      return harness.rendered();
    });
    expect(asked(harness)?.[0]?.values).to.deep.equal(['queue_007']);
    expect(harness.board.getState().variables).to.deep.equal({ queue: ['queue_007'] });
    expect(() => {
      harness.board.setState({ version: 1, variables: { queue: 'q' } });
    }).to.throw('"variables" are not lists of ids');
  });
});
