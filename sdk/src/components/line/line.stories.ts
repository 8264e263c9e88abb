import type { Meta, StoryObj } from '@storybook/web-components-vite';
import { within } from 'shadow-dom-testing-library';
import { expect, userEvent } from 'storybook/test';
import { fakeEntries } from '../../testing/fake-bff-directory.ts';
import { inState } from '../../testing/story-states.ts';
import type { LuminaWidget } from '../widget/widget.ts';

type Story = StoryObj<LuminaWidget>;

const meta: Meta<LuminaWidget> = {
  title: 'Kinds/Line',
  component: 'lumina-widget',
  args: { kind: 'line', metric: 'queue_depth', groupBy: 'queue_id', bin: '1m' },
  parameters: { lumina: { box: { widthPx: 640, heightPx: 340 } } },
};

export default meta;

export const Ready: Story = inState('ready');

export const Loading: Story = inState('loading');

export const Empty: Story = inState('empty');

export const Late: Story = inState('late');

export const Stale: Story = inState('stale');

export const Offline: Story = inState('offline');

export const Denied: Story = inState('denied');

export const Failed: Story = inState('error');

export const OneSeries: Story = { args: { groupBy: '' } };

export const ManySeries: Story = {
  parameters: { lumina: { bff: { directory: { queues: fakeEntries('queue', 24) } } } },
};

export const SeveralMetrics: Story = {
  args: { metric: 'agent_available_count,agent_busy_count', groupBy: '', heading: 'Agents available and busy' },
};

export const Target: Story = { args: { metric: 'queue_service_level', groupBy: '', target: 80 } };

export const Thresholds: Story = {
  args: {
    metric: 'longest_wait',
    groupBy: '',
    display: {
      thresholds: [
        { from: 0, tone: 'good' },
        { from: 45, tone: 'warning' },
        { from: 60, tone: 'critical' },
      ],
    },
  },
};

export const Compared: Story = { args: { metric: 'call_answer_rate', groupBy: '', compare: '1d' } };

export const Stacked: Story = {
  args: { metric: 'call_count', groupBy: 'direction', display: { isStacked: true, isArea: true } },
};

export const LargeNumbers: Story = {
  args: { metric: 'call_count', groupBy: '' },
  parameters: {
    lumina: { bff: { scenarios: { call_count: { values: [1_180_000, 1_234_567, 1_205_000, 1_221_400] } } } },
  },
};

export const SmallNumbers: Story = {
  args: { metric: 'queue_abandon_rate', groupBy: '' },
  parameters: { lumina: { bff: { scenarios: { queue_abandon_rate: { values: [0.001, 0.004, 0.002, 0.003] } } } } },
};

export const Gaps: Story = {
  args: { groupBy: '' },
  parameters: {
    lumina: { bff: { scenarios: { queue_depth: { values: [4, 5, 6, null, null, null, 5, 7, 6, 8, 7] } } } },
  },
};

export const German: Story = { globals: { locale: 'de-DE' } };

export const Narrow: Story = { parameters: { lumina: { box: { widthPx: 300, heightPx: 320 } } } };

export const Wall: Story = {
  globals: { density: 'wall' },
  parameters: { lumina: { box: { widthPx: 1100, heightPx: 560 } } },
};

export const CursorByArrowKeys: Story = {
  play: async ({ canvasElement }) => {
    const canvas = within(canvasElement);
    const plot = await canvas.findByShadowRole('img');
    plot.focus();
    await userEvent.keyboard('{ArrowLeft}{ArrowLeft}');
    await expect(await canvas.findByShadowText(/^10:4\d/u)).toBeVisible();
  },
};
