import type { Meta, StoryObj } from '@storybook/web-components-vite';
import { within } from 'shadow-dom-testing-library';
import { expect, userEvent, waitFor } from 'storybook/test';
import type { FakeAlert } from '../../testing/fake-bff-live.ts';
import { inState, serviceOf } from '../../testing/story-states.ts';
import type { Dashboard, Widget } from '@lumina/contracts';
import { FAKE_DASHBOARDS } from '../../testing/fake-bff-dashboards.ts';
import type { LuminaDashboard } from './dashboard.ts';

type Story = StoryObj<LuminaDashboard>;

const meta: Meta<LuminaDashboard> = {
  title: 'Dashboard',
  component: 'lumina-dashboard',
  args: { dashboardId: 'queues' },
  parameters: { lumina: { box: { widthPx: 1280 } } },
};

export default meta;

export const Ready: Story = inState('ready');

export const Calls: Story = { args: { dashboardId: 'calls' } };

export const Agents: Story = { args: { dashboardId: 'agents' } };

export const Loading: Story = inState('loading');

export const Empty: Story = inState('empty');

export const Late: Story = inState('late');

export const Stale: Story = inState('stale');

export const Offline: Story = inState('offline');

export const Denied: Story = inState('denied');

export const Outdated: Story = {
  parameters: { lumina: { bff: { scenario: { problem: 'upgrade_required' } }, state: 'upgrade' } },
};

export const NotFound: Story = {
  args: { dashboardId: 'no-such-board' },
  parameters: { lumina: { state: 'error' } },
};

export const WithoutWidgets: Story = {
  args: { dashboardId: '', dashboard: { schemaVersion: 1, title: 'A new board', widgets: [] } },
  parameters: { lumina: { state: 'empty' } },
};

export const German: Story = { globals: { locale: 'de-DE' } };

export const Narrow: Story = { parameters: { lumina: { box: { widthPx: 360 } } } };

export const Compact: Story = { globals: { density: 'compact' } };

export const Wall: Story = { globals: { density: 'wall' } };

export const RangeChosenByKeyboard: Story = {
  play: async (context) => {
    const canvas = within(context.canvasElement);
    const opener = await canvas.findByShadowRole('button', { name: /^Time range/u });
    opener.focus();
    await userEvent.keyboard('{Enter}');
    const option = await canvas.findByShadowRole('option', { name: /15 min/iu });
    await expect(option).toBeVisible();
    option.click();
    await waitFor(() => expect(opener).toHaveAccessibleName(/15 min/iu));
    await waitFor(() => {
      const asked = JSON.stringify(serviceOf(context).requests.map(({ body }) => body));
      return expect(asked).toContain('"last":"15m"');
    });
  },
};

export const ZoneMenuOpen: Story = {
  play: async ({ canvasElement }) => {
    const canvas = within(canvasElement);
    (await canvas.findByShadowRole('button', { name: /^Reporting zone/u })).click();
    await waitFor(() => expect(canvas.getAllByShadowRole('option')[0]).toBeVisible());
  },
};

/** The board of queues, with a choice of queues and one of teams over it. */
function boardWithVariables(): Dashboard {
  const queues = FAKE_DASHBOARDS.find(({ id }) => id === 'queues')?.body;
  const widgets = (queues?.widgets ?? []).map((widget): Widget => {
    const filters = [{ dim: 'queue_id', op: 'in' as const, values: ['$queue'] }];
    return { ...widget, query: { ...widget.query, filters } };
  });
  return {
    schemaVersion: 1,
    title: 'Queues',
    range: { last: '1h' },
    variables: [
      { name: 'queue', kind: 'queue', multiple: true },
      { name: 'team', kind: 'team', default: ['@my'] },
    ],
    widgets,
  };
}

const withVariables: Partial<LuminaDashboard> = { dashboardId: '', dashboard: boardWithVariables() };
const limited = { bff: { scope: { queues: ['q_sales', 'q_vip', 'q_billing'], teams: ['t_uk_a'] } } };

export const Variables: Story = {
  args: { ...withVariables, variables: { queue: ['q_sales', 'q_billing'] } },
  parameters: { lumina: { state: 'ready' } },
};

export const VariablesNarrow: Story = {
  args: { ...withVariables, variables: { queue: ['q_vip'] } },
  parameters: { lumina: { state: 'ready', box: { widthPx: 360 } } },
};

export const VariableMenuOpen: Story = {
  args: { ...withVariables, variables: { queue: ['q_sales', 'q_vip'] } },
  parameters: { lumina: limited },
  play: async ({ canvasElement }) => {
    const canvas = within(canvasElement);
    (await canvas.findByShadowRole('button', { name: /^Queue/u })).click();
    const option = await canvas.findByShadowRole('option', { name: /Sales/u });
    await waitFor(() => expect(option).toBeVisible());
    await expect(option).toHaveAttribute('aria-selected', 'true');
  },
};

/** Ten to twelve minutes before the stories' now. */
const SINCE_MS = Date.UTC(2026, 2, 17, 10, 31);

function alertOf(name: string, severity: FakeAlert['severity'], more: Partial<FakeAlert> = {}): FakeAlert {
  const rule = { ruleId: name, name, severity, metric: 'queue_depth', filters: [] };
  return { ...rule, state: 'alerting', since: SINCE_MS, value: 14, ...more };
}

const SALES_WAITS = alertOf('Too many callers wait', 'warning');
const SERVICE_LEVEL = alertOf('Service level below 60 % for five minutes', 'critical', {
  metric: 'queue_service_level',
  since: SINCE_MS + 360_000,
  value: 54.3,
});
const MANY: readonly FakeAlert[] = [
  SALES_WAITS,
  SERVICE_LEVEL,
  alertOf('Trunks of London nearly full', 'warning', {
    metric: 'trunk_utilization',
    value: 92,
    since: SINCE_MS - 7200_000,
  }),
  alertOf('No samples of trunks since the night', 'info', {
    metric: 'trunk_utilization',
    value: null,
    since: SINCE_MS - 86_400_000,
  }),
  alertOf('Callers of the priority line for all of Europe give up before anybody answers', 'critical', {
    metric: 'queue_abandon_rate',
    value: 23,
  }),
];

function firing(...alerts: readonly FakeAlert[]): Story {
  return {
    parameters: { lumina: { bff: { alerts }, state: 'ready' } },
    play: async ({ canvasElement }) => {
      await within(canvasElement).findByShadowRole('region', { name: /^(Alerts|Alarme)$/u });
    },
  };
}

const openAlerts: NonNullable<Story['play']> = async ({ canvasElement }) => {
  const canvas = within(canvasElement);
  const summary = await canvas.findByShadowRole('button', { name: /^5 (alerts|Alarme)/u });
  summary.click();
  await waitFor(() => expect(summary).toHaveAttribute('aria-expanded', 'true'));
};

export const OneAlert: Story = firing(SALES_WAITS);

export const CriticalAlert: Story = firing(SALES_WAITS, SERVICE_LEVEL);

export const ManyAlerts: Story = firing(...MANY);

export const ManyAlertsOpen: Story = { ...firing(...MANY), play: openAlerts };

export const AlertsNarrow: Story = {
  parameters: { lumina: { bff: { alerts: [SALES_WAITS, SERVICE_LEVEL] }, state: 'ready', box: { widthPx: 360 } } },
  play: async ({ canvasElement }) => {
    await within(canvasElement).findByShadowRole('region', { name: 'Alerts' });
  },
};

export const ManyAlertsNarrow: Story = {
  parameters: { lumina: { bff: { alerts: MANY }, state: 'ready', box: { widthPx: 360 } } },
  play: openAlerts,
};

export const AlertsGerman: Story = { ...firing(SALES_WAITS, SERVICE_LEVEL), globals: { locale: 'de-DE' } };

export const AlertsOnTheWall: Story = { ...firing(...MANY), globals: { density: 'wall' } };
